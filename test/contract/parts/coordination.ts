import { describe, expect, test } from '@jest/globals';
import type { OpenStage } from '../storage-contract.ts';

const ttlMs = 10_000;

export function describeCoordination(openStage: OpenStage): void {
  describe('several processes', () => {
    test('one of many gets a lease, and renewing keeps its number', async () => {
      const { storage, installation, clock } = await openStage();
      const stores = [storage, await installation.open()];
      const acquire = (_: unknown, index: number) => stores[index % 2]!.acquireLease('job', `p${index}`, ttlMs);
      const numbers = await Promise.all(Array.from({ length: 20 }, acquire));
      expect(numbers.filter((number) => number !== null)).toHaveLength(1);
      const winner = numbers.findIndex((number) => number !== null);
      clock.advance(ttlMs - 1);
      expect(await storage.acquireLease('job', `p${winner}`, ttlMs)).toBe(numbers[winner]);
      clock.advance(ttlMs - 1);
      expect(await storage.acquireLease('job', 'another', ttlMs)).toBeNull();
    });

    test('a lease that ran out goes to the next, under a greater number', async () => {
      const { storage, clock } = await openStage();
      const first = await storage.acquireLease('job', 'a', ttlMs);
      clock.advance(ttlMs);
      const second = await storage.acquireLease('job', 'b', ttlMs);
      expect(second).toBeGreaterThan(first!);
      expect(await storage.acquireLease('job', 'a', ttlMs)).toBeNull();
    });

    test('a lease that was given back is free at once, and its number is never given again', async () => {
      const { storage } = await openStage();
      const first = await storage.acquireLease('job', 'a', ttlMs);
      await storage.releaseLease('job', 'b');
      expect(await storage.acquireLease('job', 'b', ttlMs)).toBeNull();
      await storage.releaseLease('job', 'a');
      const second = await storage.acquireLease('job', 'b', ttlMs);
      await storage.releaseLease('job', 'b');
      const third = await storage.acquireLease('job', 'b', ttlMs);
      expect(second).toBeGreaterThan(first!);
      expect(third).toBeGreaterThan(second!);
    });

    test('leases of different names do not meet', async () => {
      const { storage } = await openStage();
      expect(await storage.acquireLease('one', 'a', ttlMs)).not.toBeNull();
      expect(await storage.acquireLease('two', 'b', ttlMs)).not.toBeNull();
    });

    test('a note comes back as it was set last, on every process', async () => {
      const { storage, installation } = await openStage();
      expect(await storage.note('cursor')).toBeNull();
      expect(await storage.setNote('cursor', '1', null)).toBe(true);
      expect(await storage.setNote('cursor', '2', null)).toBe(true);
      expect(await (await installation.open()).note('cursor')).toBe('2');
      expect(await storage.note('other')).toBeNull();
    });

    test('a holder that has lost the lease can no longer set a note under it', async () => {
      const { storage, clock } = await openStage();
      const old = (await storage.acquireLease('job', 'a', ttlMs))!;
      expect(await storage.setNote('cursor', '1', { lease: 'job', number: old })).toBe(true);
      clock.advance(ttlMs);
      // No process took it meanwhile.
      expect(await storage.setNote('cursor', '2', { lease: 'job', number: old })).toBe(true);
      const newer = (await storage.acquireLease('job', 'b', ttlMs))!;
      expect(await storage.setNote('cursor', 'stale', { lease: 'job', number: old })).toBe(false);
      expect(await storage.note('cursor')).toBe('2');
      expect(await storage.setNote('cursor', '3', { lease: 'job', number: newer })).toBe(true);
    });

    test('a note cannot be set under a lease that no process ever held', async () => {
      const { storage } = await openStage();
      expect(await storage.setNote('cursor', '1', { lease: 'job', number: 1 })).toBe(false);
      expect(await storage.note('cursor')).toBeNull();
    });
  });
}
