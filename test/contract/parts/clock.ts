import { describe, expect, test } from '@jest/globals';
import type { Effect } from '../../../src/domain/effect.ts';
import type { License } from '../../../src/domain/license.ts';
import { inheritedLimits } from '../../../src/domain/limits.ts';
import { commandLine } from '../../../src/domain/actor.ts';
import { observedRule, slotRule, stateRule } from '../../support/check-rules.ts';
import { deny, grant } from '../../support/grants.ts';
import { look } from '../../support/look.ts';
import {
  addLicense,
  addPopulatedGuild,
  addProduct,
  aRequest,
  newLicense,
  noTrail,
} from '../../support/storage-fixtures.ts';
import { aTrail } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** How far the clock is ahead; every instant that matters for less long must count as none afterwards. */
const jumps = [
  ['2 h', 2 * hour],
  ['60 d', 60 * day],
  ['200 d', 200 * day],
] as const;

const alert = { kind: 'many-ips', subject: 'license:1', text: 'text' };
const roles: Effect = { kind: 'roles', userId: '5' };
const newest = { limit: 10, beforeId: null };

/** What a clock that was ahead has stored must hold up nothing once it is set right; see stored-instants.ts. */
export function describeClock(openStage: OpenStage): void {
  describe.each(jumps)('after the clock was %s ahead', (_, ms) => {
    async function openAhead() {
      const stage = await openStage();
      const populated = await addPopulatedGuild(stage.storage);
      stage.clock.advance(ms);
      const setRight = () => {
        stage.clock.advance(-ms);
      };
      return { ...stage, ...populated, setRight };
    }

    test('a lease of a holder that died can be taken, under a greater number', async () => {
      const { storage, setRight } = await openAhead();
      const first = await storage.acquireLease('job', 'died', minute);
      setRight();
      const second = await storage.acquireLease('job', 'next', minute);
      expect(second).toBeGreaterThan(first!);
      expect(await storage.acquireLease('job', 'died', minute)).toBeNull();
    });

    test('an alert is raised again, and is quiet for its time from then on', async () => {
      const { storage, clock, setRight } = await openAhead();
      expect(await storage.raiseAlert('g1', alert)).toBe(true);
      setRight();
      expect(await storage.raiseAlert('g1', alert)).toBe(true);
      clock.advance(hour - 1);
      expect(await storage.raiseAlert('g1', alert)).toBe(false);
    });

    test('an effect is due at once', async () => {
      const { storage, setRight } = await openAhead();
      const [id] = await storage.addEffects('g1', [roles]);
      setRight();
      expect(await storage.claimEffects('roles', 10, minute)).toMatchObject([{ id }]);
      expect(await storage.claimEffects('roles', 10, minute)).toEqual([]);
    });

    test('an effect that was given back is due, and one that is given back now waits', async () => {
      const { storage, clock, setRight } = await openAhead();
      const [id] = await storage.addEffects('g1', [roles]);
      const giveBack = async () => {
        const dueAt = new Date(clock.now().getTime() + hour);
        await storage.finishEffect(id!, { status: 'pending', outcome: null, dueAt }, null);
      };
      await storage.claimEffects('roles', 10, minute);
      await giveBack();
      setRight();
      expect(await storage.claimEffects('roles', 10, minute)).toHaveLength(1);
      await giveBack();
      clock.advance(hour - 1);
      expect(await storage.claimEffects('roles', 10, minute)).toEqual([]);
    });

    test('the claim of a process that died is free', async () => {
      const { storage, clock, setRight } = await openAhead();
      setRight();
      const [id] = await storage.addEffects('g1', [roles]);
      clock.advance(ms);
      await storage.claimEffects('roles', 10, minute);
      setRight();
      expect(await storage.claimEffects('roles', 10, minute)).toMatchObject([{ id, tries: 2 }]);
    });

    test('the slot of a machine is forgotten in its time, and a machine in use keeps its own', async () => {
      const { storage, clock, license, setRight } = await openAhead();
      const use = (value: string) => storage.decide(aRequest(), slotRule(value, 1, hour));
      expect(await use('AHEAD')).toMatchObject({ result: 'granted' });
      setRight();
      expect(await use('AHEAD')).toMatchObject({ result: 'granted' });
      expect(await use('NEW')).toMatchObject({ denial: 'hwid-limit' });
      clock.advance(hour);
      expect(await use('NEW')).toMatchObject({ result: 'granted' });
      const { bindings } = await storage.bindings('g1', license.id, 10);
      expect(bindings).toMatchObject([{ value: 'NEW', lastSeenAt: clock.now() }]);
    });

    test('the slot of a machine that is gone goes to the next one', async () => {
      const { storage, setRight } = await openAhead();
      await storage.decide(aRequest(), slotRule('GONE', 1, hour));
      setRight();
      expect(await storage.decide(aRequest(), slotRule('NEW', 1, hour))).toMatchObject({ result: 'granted' });
      expect(await storage.decide(aRequest(), slotRule('GONE', 1, hour))).toMatchObject({ denial: 'hwid-limit' });
    });

    test('an observed value is seen again at its true time, and a reset releases it', async () => {
      const { storage, clock, product, setRight } = await openAhead();
      const limits = { ...inheritedLimits, hwid: null };
      const license = await addLicense(storage, 'g1', product.id, { key: 'UNLIMITED', limits });
      const observe = (value: string) => storage.decide(aRequest({ key: 'UNLIMITED' }), observedRule(value));
      await observe('USED');
      await observe('GONE');
      setRight();
      await observe('USED');
      const { bindings } = await storage.bindings('g1', license.id, 10);
      expect(bindings.find(({ value }) => value === 'USED')).toMatchObject({ lastSeenAt: clock.now() });
      await storage.changeLicense('g1', { id: license.id }, (current) => ({
        next: current,
        trail: noTrail,
        result: {},
        release: [{ kind: 'hwid', value: null }],
      }));
      expect((await storage.bindings('g1', license.id, 10)).counts.hwid).toBe(0);
    });

    test('the log goes on with what happens from then on', async () => {
      const { storage, clock, setRight } = await openAhead();
      const act = async (version: string) => {
        await deny(storage, { version });
        await storage.recordAudit('g1', aTrail('license.changed', version).audit[0]!);
        await storage.raiseAlert('g1', { ...alert, subject: version });
      };
      const read = async (after: readonly (number | undefined)[]) => {
        const [attempt = 0, event = 0, raised = 0] = after;
        return [
          await storage.attemptsAfter(attempt, 10),
          await storage.auditAfter(event, 10),
          await storage.alertsAfter(raised, 10),
        ] as const;
      };
      await act('ahead');
      clock.advance(10_000);
      const cursor = (await read([])).map((rows) => rows.at(-1)?.id);
      expect(cursor).not.toContain(undefined);
      clock.advance(-10_000);
      setRight();
      await act('right');
      clock.advance(10_000);
      const [attempts, events, alerts] = await read(cursor);
      expect(attempts).toMatchObject([{ version: 'right' }]);
      expect(events).toMatchObject([{ subject: 'right' }]);
      expect(alerts).toMatchObject([{ subject: 'right' }]);
      // A reader that had read nothing yet gets the events of both times.
      expect((await read([]))[1].map(({ subject }) => subject)).toEqual(['ahead', 'right']);
    });

    test('the newest entries are those that were stored last, not those with the latest time', async () => {
      const { storage, clock, setRight } = await openAhead();
      const act = async () => {
        await deny(storage, {});
        await storage.recordAudit('g1', aTrail().audit[0]!);
      };
      const entries = async () => (await storage.newestEntries()).map(({ kind, at }) => [kind, at.getTime()]);
      await act();
      const then = clock.now().getTime();
      expect(await entries()).toEqual([
        ['attempt', then],
        ['audit', then],
      ]);
      setRight();
      const before = await storage.newestEntries();
      await act();
      const now = clock.now().getTime();
      expect(await entries()).toEqual([
        ['attempt', now],
        ['audit', now],
      ]);
      const ids = (await storage.newestEntries()).map(({ id }) => id);
      expect(before.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual([]);
    });

    test('nothing that happened then is removed as old, or is lost', async () => {
      const { storage, clock, license, setRight } = await openAhead();
      await grant(storage, {});
      await storage.recordRejectedRequests(
        [{ minute: clock.now(), observedIp: '203.0.113.5', protocol: 'tki', kind: 'guarded', count: 1 }],
        clock.now(),
      );
      const change = (own: Partial<License>) =>
        storage.changeLicense('g1', { id: license.id }, (is) => ({
          next: { ...is, ...own },
          trail: noTrail,
          result: {},
        }));
      await change({ deletedAt: clock.now() });
      const [id] = await storage.addEffects('g1', [roles]);
      await storage.finishEffect(id!, { status: 'done', outcome: null, dueAt: null }, null);
      const other = await addProduct(storage, 'g1', { name: 'Other' });
      await storage.changeProduct('g1', other.id, (is) => ({
        next: { ...is, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      const flood = Array.from({ length: 61 }, () => deny(storage, { key: 'none' }, { result: 'license-unknown' }));
      await Promise.all(flood);
      setRight();
      const now = clock.now();
      await storage.rollUpAttempts('g1');
      expect(await storage.deleteAttemptsBefore('g1', now, 10)).toBe(0);
      expect(await storage.deleteStatisticsBefore('g1', 'hour', now, 10)).toBe(0);
      expect(await storage.deleteStatisticsBefore('g1', 'day', now, 10)).toBe(0);
      expect(await storage.deleteEffectsBefore(now, 10)).toBe(0);
      expect(await storage.purgeDeleted(now, 10)).toBe(0);
      expect(await storage.attempts('g1', { result: 'granted' }, newest)).toHaveLength(1);
      expect(await storage.attempts('g1', { licenseId: license.id }, newest)).toHaveLength(1);
      expect(await storage.attemptCounts('g1', now)).toMatchObject([{ count: 1 }]);
      expect(await storage.deletedProducts('g1')).toMatchObject([{ id: other.id }]);
      await storage.recordRejectedRequests([], now);
      expect(await storage.rejectedRequests(now, 10)).toHaveLength(1);
      await change({ deletedAt: null });
      await grant(storage, {});
    });

    test('what was made then is found and works: instants that only say when are not compared', async () => {
      const { storage, clock, product, setRight } = await openAhead();
      const holds = [{ kind: 'staff', at: clock.now(), reason: null }] as const;
      const { id } = await addLicense(storage, 'g1', product.id, { key: 'THEN', holds });
      const release = {
        version: '2',
        branch: null,
        status: 'published',
        latest: false,
        createdAt: clock.now(),
      } as const;
      await storage.changeProduct('g1', product.id, (is) => ({
        next: { ...is, releases: [...is.releases, release] },
        trail: noTrail,
        result: {},
      }));
      const key = { name: 'then', scopes: ['auth'], secret: 'then', expiresAt: null, createdBy: 'cli' } as const;
      const made = await storage.createApiKey('g1', key, () => noTrail);
      await storage.addBlacklistEntry(
        'g1',
        { type: 'hwid', value: 'A', match: 'a', key: null, reason: null, expiresAt: null, createdBy: 'cli' },
        () => noTrail,
      );
      const customer = await storage.ensureCustomer('g1', '7');
      setRight();
      expect(await storage.customer('g1', { discordId: '7' })).toEqual(customer);
      expect(await look(storage, ({ blacklist }, now) => blacklist.find('hwid', 'a', now))).not.toBeNull();
      expect((await storage.bundle('g1'))?.products.byId(product.id)?.releases).toMatchObject([{ version: '2' }]);
      expect(await storage.license('g1', { id })).toMatchObject({ holds });
      await grant(storage, { key: 'THEN', guildReference: { by: 'api-key', secret: 'then' } });
      if ('apiKey' in made) await storage.revokeApiKey('g1', made.apiKey.id, noTrail);
      const unknown = await storage.decide(
        aRequest({ guildReference: { by: 'api-key', secret: 'then' } }),
        slotRule('PC', 1),
      );
      expect(unknown.result).toBe('unknown-guild');
    });

    test('ends that were chosen count by the clock as it is: what had ended then goes on', async () => {
      const { storage, clock, product, setRight } = await openAhead();
      setRight();
      const expiresAt = new Date(clock.now().getTime() + hour);
      await addLicense(storage, 'g1', product.id, { key: 'ENDING', expiresAt });
      const key = { name: 'ending', scopes: ['auth'], secret: 'ending', expiresAt, createdBy: 'cli' } as const;
      await storage.createApiKey('g1', key, () => noTrail);
      const entry = {
        type: 'hwid',
        value: 'A',
        match: 'a',
        key: null,
        reason: null,
        expiresAt,
        createdBy: 'cli',
      } as const;
      await storage.addBlacklistEntry('g1', entry, () => noTrail);
      const guildReference = { by: 'api-key', secret: 'ending' } as const;
      const results = async () => {
        const byEnding = await storage.decide(aRequest({ guildReference }), stateRule);
        const ofEnding = await storage.decide(aRequest({ key: 'ENDING' }), stateRule);
        const isListed = await look(storage, ({ blacklist }, now) => blacklist.find('hwid', 'a', now) !== null);
        return [byEnding.result, ofEnding.result, isListed];
      };
      clock.advance(ms);
      expect(await results()).toEqual(['unknown-guild', 'denied', false]);
      setRight();
      expect(await results()).toEqual(['granted', 'granted', true]);
      expect(await storage.endBlacklistEntries(clock.now(), 10)).toBe(0);
      expect(await storage.expireLicenses(clock.now(), 10, () => noTrail)).toBe(0);
    });

    if (ms > day) {
      test('licenses made then do not count towards the limit of a day', async () => {
        const { storage, clock, product, setRight } = await openAhead();
        const make = (key: string) =>
          storage.createLicenses('g1', [newLicense(product.id, { key })], () => noTrail, {
            actor: commandLine,
            since: new Date(clock.now().getTime() - day),
            max: 2,
          });
        expect(await make('a')).toHaveProperty('licenses');
        setRight();
        // The default license was made a moment ago.
        expect(await make('b')).toHaveProperty('licenses');
        expect(await make('c')).toEqual({ dailyLimit: { made: 2, max: 2 } });
      });
    }
  });

  test('clocks that differ by a few seconds take no lease from each other', async () => {
    const { storage, clock } = await openStage();
    clock.advance(4_000);
    expect(await storage.acquireLease('job', 'ahead', minute)).not.toBeNull();
    clock.advance(-4_000);
    expect(await storage.acquireLease('job', 'behind', minute)).toBeNull();
  });
}
