import { expect, test } from '@jest/globals';
import { openMemoryStorage } from '../support/memory-storage.ts';

test('the next claim learns of a claim that never ended, but not of one that was given back', async () => {
  let now = new Date('2026-05-01T12:00:00Z');
  const storage = openMemoryStorage(() => now);
  await storage.addEffects('1', [
    { kind: 'roles', userId: '10' },
    { kind: 'roles', userId: '11' },
  ]);
  const [died, givenBack] = await storage.claimEffects('roles', 2, 30_000);
  expect([died?.claimedAt, givenBack?.claimedAt]).toEqual([null, null]);
  await storage.finishEffect(givenBack!.id, { status: 'pending', outcome: 'later', dueAt: now }, null);

  const firstClaim = now;
  now = new Date(now.getTime() + 30_000);
  const again = await storage.claimEffects('roles', 2, 30_000);
  expect(again.map(({ id, claimedAt, tries }) => ({ id, claimedAt, tries }))).toEqual([
    { id: died!.id, claimedAt: firstClaim, tries: 2 },
    { id: givenBack!.id, claimedAt: null, tries: 2 },
  ]);
  await storage.close();
});
