import { describe, expect, test } from '@jest/globals';
import type { NewAuditEvent } from '../../../src/domain/audit.ts';
import type { AuditQuery } from '../../../src/storage/port/audit.ts';
import type { Page } from '../../../src/storage/port/page.ts';
import { addPopulatedGuild, aRequest, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 10_000, beforeId: null };
const hour = 3_600_000;

export function describeRecords(openStage: OpenStage): void {
  async function openWithGuilds() {
    const stage = await openStage();
    const { license } = await addPopulatedGuild(stage.storage, 'g1');
    await addPopulatedGuild(stage.storage, 'g2');
    return { ...stage, license };
  }

  describe('rejected requests', () => {
    const aCount = (minute: Date, count: number, observedIp = '203.0.113.5') =>
      ({ minute, observedIp, protocol: 'tki', kind: 'guarded', count }) as const;

    test('counts of one minute, address, protocol and kind are added up', async () => {
      const { storage, clock } = await openStage();
      const minute = clock.now();
      await storage.recordRejectedRequests([aCount(minute, 2), aCount(minute, 1, '203.0.113.6')], new Date(0));
      await storage.recordRejectedRequests(
        [aCount(minute, 3), { ...aCount(minute, 9), kind: 'unknown-guild' }],
        new Date(0),
      );
      expect(await storage.rejectedRequests(minute, 10)).toEqual([
        aCount(minute, 5),
        { ...aCount(minute, 9), kind: 'unknown-guild' },
        aCount(minute, 1, '203.0.113.6'),
      ]);
      expect(await storage.rejectedRequests(minute, 1)).toHaveLength(1);
      expect(await storage.rejectedRequests(new Date(minute.getTime() + 1), 10)).toEqual([]);
    });

    test('minutes before the given one are deleted, however many there are', async () => {
      const { storage, clock } = await openStage();
      const old = clock.now();
      const many = Array.from({ length: 1_200 }, (_, index) => aCount(old, 1, `10.0.${index >> 8}.${index & 255}`));
      await storage.recordRejectedRequests(many, new Date(0));
      expect(await storage.rejectedRequests(old, 2_000)).toHaveLength(1_200);
      clock.advance(60_000);
      await storage.recordRejectedRequests([aCount(clock.now(), 1)], clock.now());
      expect(await storage.rejectedRequests(old, 2_000)).toEqual([aCount(clock.now(), 1)]);
    });
  });

  describe('the audit', () => {
    test('events come newest first with actor, reason and details, in their guild', async () => {
      const { storage, clock } = await openWithGuilds();
      const [event] = aTrail('license.revealed', 'license:3').audit;
      await storage.recordAudit('g1', event!);
      await storage.recordAudit('g2', event!);
      const id = expect.any(Number);
      expect(await storage.audit('g1', {}, everything)).toEqual([{ ...event, id, guildId: 'g1', at: clock.now() }]);
    });

    test.each([{ type: 'user', id: '77' }, { type: 'api-key', id: 7 }, { type: 'cli' }, { type: 'system' }] as const)(
      'the actor %j comes back as it was',
      async (actor) => {
        const { storage } = await openWithGuilds();
        await storage.recordAudit('g1', { ...aTrail().audit[0]!, actor });
        expect((await storage.audit('g1', {}, everything))[0]?.actor).toEqual(actor);
      },
    );

    test('events are found by subject and action, page by page, also rare ones among thousands', async () => {
      const { storage } = await openWithGuilds();
      await storage.changeSettings('g1', (current) => ({
        next: current,
        trail: {
          audit: Array.from({ length: 4_100 }, (_, index) => ({
            ...aTrail(index % 2_000 === 0 ? 'license.deleted' : 'license.issued', `license:${index}`).audit[0]!,
          })),
          effects: [],
        },
        result: {},
      }));
      const deleted = await storage.audit('g1', { action: 'license.deleted' }, everything);
      expect(deleted.map(({ subject }) => subject)).toEqual(['license:4000', 'license:2000', 'license:0']);
      const next = await storage.audit('g1', { action: 'license.deleted' }, { limit: 1, beforeId: deleted[0]!.id });
      expect(next.map(({ subject }) => subject)).toEqual(['license:2000']);
      expect(await storage.audit('g1', { subject: 'license:17' }, everything)).toHaveLength(1);
      expect(await storage.audit('g1', { subject: 'license:17', action: 'license.deleted' }, everything)).toEqual([]);
      expect(await storage.audit('g2', { subject: 'license:17' }, everything)).toEqual([]);
      expect(await storage.audit('g1', {}, everything)).toHaveLength(4_100);
    });

    test('events are found by license, also those about several, by actor and since an instant', async () => {
      const { storage, clock } = await openWithGuilds();
      const [event] = aTrail('license.issued', 'licenses').audit;
      const record = (change: Partial<NewAuditEvent>) => storage.recordAudit('g1', { ...event!, ...change });
      await record({ subject: 'licenses', details: { licenses: [3, 4] }, actor: { type: 'cli' } });
      await record({ subject: 'licenses', details: { licenses: [30, 40] }, actor: { type: 'system' } });
      clock.advance(hour);
      await record({ action: 'license.suspended', subject: 'license:3', actor: { type: 'user', id: '77' } });
      await record({ action: 'license.suspended', subject: 'license:30', actor: { type: 'user', id: '77' } });
      await record({ action: 'product.changed', subject: 'product:3', actor: { type: 'user', id: '777' } });
      const found = async (query: AuditQuery, page: Page = everything) =>
        (await storage.audit('g1', query, page)).map(({ subject, action }) => `${action} ${subject}`);

      const ofLicense = ['license.suspended license:3', 'license.issued licenses'];
      expect(await found({ licenseId: 3 })).toEqual(ofLicense);
      const [newest] = await storage.audit('g1', { licenseId: 3 }, { limit: 1, beforeId: null });
      expect(await found({ licenseId: 3 }, { limit: 1, beforeId: newest!.id })).toEqual(ofLicense.slice(1));
      expect(await found({ licenseId: 3, action: 'license.issued' })).toEqual(ofLicense.slice(1));
      expect(await found({ licenseId: 5 })).toEqual([]);
      expect(await found({ actor: { type: 'user', id: '77' } })).toEqual([
        'license.suspended license:30',
        'license.suspended license:3',
      ]);
      expect(await found({ actor: { type: 'cli' } })).toEqual(ofLicense.slice(1));
      expect(await found({ since: clock.now() })).toHaveLength(3);
    });

    test('the shipper reads events of all guilds oldest first', async () => {
      const { storage, clock } = await openWithGuilds();
      for (const guildId of ['g1', 'g2', 'g1']) await storage.recordAudit(guildId, aTrail().audit[0]!);
      clock.advance(10_000);
      const first = await storage.auditAfter(0, 2);
      expect(first.map(({ guildId }) => guildId)).toEqual(['g1', 'g2']);
      expect((await storage.auditAfter(first.at(-1)!.id, 2)).map(({ guildId }) => guildId)).toEqual(['g1']);
    });
  });

  describe('alerts and users', () => {
    const alert = { kind: 'shared-hwid', subject: 'pc', text: 'one HWID on licenses of three owners' };

    test('an alert is raised once an hour per guild, kind and subject', async () => {
      const { storage, clock } = await openWithGuilds();
      expect(await storage.raiseAlert('g1', alert)).toBe(true);
      expect(await storage.raiseAlert('g1', { ...alert, subject: 'other' })).toBe(true);
      expect(await storage.raiseAlert('g1', { ...alert, kind: 'other' })).toBe(true);
      expect(await storage.raiseAlert('g2', alert)).toBe(true);
      clock.advance(hour - 1);
      expect(await storage.raiseAlert('g1', alert)).toBe(false);
      clock.advance(1);
      expect(await storage.raiseAlert('g1', alert)).toBe(true);
      clock.advance(10_000);
      expect(await storage.alertsAfter(0, 10)).toHaveLength(5);
    });

    test('an alert may ask for more quiet hours than one', async () => {
      const { storage, clock } = await openWithGuilds();
      const daily = { ...alert, quietHours: 24 };
      expect(await storage.raiseAlert('g1', daily)).toBe(true);
      clock.advance(24 * hour - 1);
      expect(await storage.raiseAlert('g1', daily)).toBe(false);
      clock.advance(1);
      expect(await storage.raiseAlert('g1', daily)).toBe(true);
    });

    test('of parallel calls one raises the alert', async () => {
      const { storage } = await openWithGuilds();
      const raised = await Promise.all(Array.from({ length: 20 }, () => storage.raiseAlert('g1', alert)));
      expect(raised.filter(Boolean)).toHaveLength(1);
    });

    test('alerts are read oldest first from where the reader stopped', async () => {
      const { storage, clock } = await openWithGuilds();
      await storage.raiseAlert('g1', alert);
      await storage.raiseAlert('g2', alert);
      const at = clock.now();
      clock.advance(10_000);
      const [first] = await storage.alertsAfter(0, 1);
      expect(first).toEqual({ ...alert, id: expect.any(Number), guildId: 'g1', at });
      expect((await storage.alertsAfter(first!.id, 10)).map(({ guildId }) => guildId)).toEqual(['g2']);
    });

    test("a user's latest name is remembered", async () => {
      const { storage } = await openStage();
      expect(await storage.knownUser('5')).toBeNull();
      await storage.rememberUser({ id: '5', username: 'ann', discriminator: '0' });
      await storage.rememberUser({ id: '5', username: 'anna', discriminator: '1234' });
      await storage.rememberUser({ id: '5', username: 'anna', discriminator: '1234' });
      expect(await storage.knownUser('5')).toEqual({ id: '5', username: 'anna', discriminator: '1234' });
    });

    test('a check knows the name of the owner', async () => {
      const { storage, license } = await openWithGuilds();
      await storage.rememberUser({ id: '5', username: 'ann', discriminator: '0' });
      await storage.changeLicense('g1', { id: license.id }, (current) => ({
        next: { ...current, ownerId: '5' },
        trail: noTrail,
        result: {},
      }));
      const owners: unknown[] = [];
      await storage
        .decide(aRequest(), ({ owner }) => {
          owners.push(owner());
          throw new Error('read enough');
        })
        .catch(() => undefined);
      expect(owners).toEqual([{ id: '5', username: 'ann', discriminator: '0' }]);
    });
  });
}
