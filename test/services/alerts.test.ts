import { describe, expect, test } from '@jest/globals';
import { quickstartGuildId } from '../../src/domain/guild.ts';
import type { Attempt } from '../../src/domain/attempt.ts';
import { createAttemptWatch } from '../../src/services/attempt-watch.ts';
import { anAttempt } from '../support/license-card.ts';
import { alice, bob, by, carol, useServices } from '../support/open-services.ts';

const open = useServices();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const start = Date.parse('2026-03-01T12:00:00.000Z');

function attempt(afterMs: number, own: Partial<Attempt> = {}): Attempt {
  return anAttempt({ at: new Date(start + afterMs), keySuffix: 'X9K2P', ...own });
}

const kinds = (watch: ReturnType<typeof createAttemptWatch>, attempts: readonly Attempt[]) =>
  attempts.map((each) => watch(each).map(({ kind }) => kind));

describe('a key tried from many addresses', () => {
  const from = (index: number, own: Partial<Attempt> = {}) =>
    attempt(index * minuteMs, { observedIp: `203.0.113.${index}`, result: 'expired', ...own });

  test('is an alert at the tenth unknown address within an hour', () => {
    const seen = kinds(
      createAttemptWatch(),
      Array.from({ length: 10 }, (_, index) => from(index)),
    );
    expect(seen.slice(0, 9).flat()).toEqual([]);
    expect(seen[9]).toEqual(['many-ips']);
  });

  test('names the license and its last group, never more of the key', () => {
    const watch = createAttemptWatch();
    const alerts = Array.from({ length: 10 }, (_, index) => watch(from(index))).flat();
    expect(alerts).toMatchObject([{ subject: 'license:12', text: expect.stringContaining('License 12 (…X9K2P)') }]);
  });

  test('counts new machines, but not known ones, the same address twice, other licenses or unknown keys', () => {
    const ten = Array.from({ length: 10 }, (_, index) => index);
    const seen = (own: (index: number) => Partial<Attempt>) =>
      kinds(
        createAttemptWatch(),
        ten.map((index) => from(index, own(index))),
      ).flat();
    expect(seen(() => ({ result: 'granted', newBindings: ['ip'] }))).toEqual(['many-ips']);
    expect(seen(() => ({ result: 'granted' }))).toEqual([]);
    expect(seen(() => ({ observedIp: '203.0.113.5' }))).toEqual([]);
    expect(seen((index) => ({ licenseId: index }))).toEqual([]);
    expect(seen(() => ({ licenseId: null }))).toEqual([]);
  });

  test('is noticed after the clock was ahead as before, and what happened then does not count', () => {
    const watch = createAttemptWatch();
    const ahead = Array.from({ length: 9 }, (_, index) => from(index, { at: new Date(start + 200 * 24 * hourMs) }));
    const now = Array.from({ length: 10 }, (_, index) => from(index + 20));
    expect(kinds(watch, [...ahead, ...now].slice(0, 18)).flat()).toEqual([]);
    expect(kinds(watch, [from(30)])).toEqual([['many-ips']]);
  });

  test('spread over more than an hour is none', () => {
    const seen = kinds(
      createAttemptWatch(),
      Array.from({ length: 30 }, (_, index) => from(index, { at: new Date(start + index * 7 * minuteMs) })),
    );
    expect(seen.flat()).toEqual([]);
  });
});

describe('one observed address that declares many IPs', () => {
  const declaring = (index: number, own: Partial<Attempt> = {}) =>
    attempt(index * minuteMs, { protocol: 'sunlicense', declaredIp: `198.51.100.${index}`, ...own });
  const seen = (own: (index: number) => Partial<Attempt> = () => ({})) => {
    const attempts = Array.from({ length: 10 }, (_, index) => declaring(index, own(index)));
    return kinds(createAttemptWatch(), attempts).map((raised) => raised.includes('many-declared-ips'));
  };

  test('is an alert at the tenth within an hour, whatever the license', () => {
    expect(seen().indexOf(true)).toBe(9);
    expect(seen((index) => ({ licenseId: index })).indexOf(true)).toBe(9);
  });

  test('is none for the same IP again, for several addresses, other guilds, other systems, or over hours', () => {
    for (const own of [
      () => ({ declaredIp: '198.51.100.7' }),
      () => ({ declaredIp: null }),
      (index: number) => ({ observedIp: `203.0.113.${index % 2}` }),
      (index: number) => ({ guildId: `g${index % 2}` }),
      () => ({ protocol: 'tki' as const }),
      () => ({ countedIp: 'observed' as const }),
      (index: number) => ({ at: new Date(start + index * 7 * minuteMs) }),
    ]) {
      expect(seen(own)).not.toContain(true);
    }
  });

  test('names the address and the setting', () => {
    const watch = createAttemptWatch();
    const alerts = Array.from({ length: 10 }, (_, index) =>
      watch(declaring(index, { observedIp: '203.0.113.5' })),
    ).flat();
    expect(alerts).toMatchObject([
      { subject: 'ip:203.0.113.5', text: expect.stringContaining('sunlicense.acceptDeclaredIp') },
    ]);
  });
});

describe('three different new machines denied in a day', () => {
  const refused = (index: number, own: Partial<Attempt> = {}) =>
    attempt(index * hourMs, { result: 'hwid-limit', hwid: `board ${index}`, ...own });

  test('are an alert, also where they were denied for different reasons', () => {
    expect(kinds(createAttemptWatch(), [refused(0), refused(1), refused(2)])).toEqual([[], [], ['machines-refused']]);
    const mixed = [refused(0), refused(1, { result: 'mac-limit', mac: 'aa' }), refused(2, { result: 'ip-limit' })];
    expect(kinds(createAttemptWatch(), mixed)[2]).toEqual(['machines-refused']);
  });

  test('are none where one address that is counted declares others', () => {
    const declaring = (countedIp: Attempt['countedIp']) =>
      [0, 1, 2].map((index) => refused(index, { result: 'ip-limit', declaredIp: `198.51.100.${index}`, countedIp }));
    expect(kinds(createAttemptWatch(), declaring('observed')).flat()).toEqual([]);
    expect(kinds(createAttemptWatch(), declaring('declared'))[2]).toEqual(['machines-refused']);
  });

  test('are none for one machine that keeps trying, for other denials, or over several days', () => {
    const same = [0, 1, 2, 3].map((index) => refused(index, { hwid: 'board' }));
    const others = [0, 1, 2, 3].map((index) => refused(index, { result: 'suspended' }));
    const days = [0, 1, 2, 3].map((index) => refused(index * 13));
    for (const attempts of [same, others, days]) expect(kinds(createAttemptWatch(), attempts).flat()).toEqual([]);
  });
});

describe('a spike of failures', () => {
  const failures = (count: number, afterMs: number, own: Partial<Attempt> = {}) =>
    Array.from({ length: count }, () => attempt(afterMs, { result: 'license-unknown', licenseId: null, ...own }));
  const spikes = (attempts: readonly Attempt[]) =>
    kinds(createAttemptWatch(), attempts)
      .flat()
      .filter((kind) => kind === 'failure-spike').length;

  test('is an alert from 50 within five minutes', () => {
    expect(spikes(failures(49, 0))).toBe(0);
    expect(spikes([...failures(25, 0), ...failures(25, 4 * minuteMs)])).toBe(1);
    expect(spikes([...failures(25, 0), ...failures(25, 5 * minuteMs)])).toBe(0);
  });

  test('is none where the hour before was as bad, nor over several guilds, nor of grants', () => {
    const steady = Array.from({ length: 60 }, (_, minute) => failures(9, minute * minuteMs)).flat();
    expect(spikes(steady)).toBe(0);
    expect(spikes([...steady, ...failures(300, hourMs)])).toBeGreaterThan(0);
    expect(spikes([...failures(30, 0), ...failures(30, 0, { guildId: 'g2' })])).toBe(0);
    expect(spikes(failures(100, 0, { result: 'granted' }))).toBe(0);
  });
});

describe('alerts of the watch', () => {
  test('one HWID on licenses of three owners is an alert, of two owners it is none', async () => {
    const { services, storage, issue, check } = await open();
    const page = { limit: 100, beforeId: null };
    const use = async (ownerId: string | null) => {
      const { key } = await issue({ ownerId });
      await check({ key, hwid: 'board' });
      const [latest] = await storage.attempts('g1', {}, page);
      await services.alerts.watch([latest!]);
      return storage.alertsAfter(0, 10);
    };
    await use(alice);
    await use(alice);
    await use(null);
    expect(await use(bob)).toEqual([]);
    expect(await use(carol)).toMatchObject([{ kind: 'shared-hwid', subject: 'hwid:board', guildId: 'g1' }]);
  });

  describe('about a HWID that identifies no machine', () => {
    async function openPlaceholders() {
      const opened = await open();
      const { services, storage, check } = opened;
      /** Checks, and returns the texts of all alerts about placeholders. */
      const use = async (key: string, hwid: string) => {
        await check({ key, hwid });
        const [latest] = await storage.attempts('g1', {}, { limit: 1, beforeId: null });
        await services.alerts.watch([latest!]);
        const alerts = await storage.alertsAfter(0, 100);
        return alerts.filter(({ kind }) => kind === 'placeholder-hwid').map(({ text }) => text);
      };
      return { ...opened, use };
    }

    test('come at the first sight of each value, in whatever spelling, and say what it means', async () => {
      const { use, issue, clock } = await openPlaceholders();
      const { key, license } = await issue();
      expect(await use(key, 'board-1')).toEqual([]);
      const [text] = await use(key, 'Default string');
      expect(text).toContain(`License ${license.id}`);
      expect(text).toContain('“Default string”, which identifies no machine');
      expect(await use(key, 'default_string')).toHaveLength(1);
      expect(await use(key, 'unknown')).toHaveLength(2);
      clock.advance(30 * 24 * hourMs);
      expect(await use(key, 'Default string')).toHaveLength(2);
    });

    test('come also where HWIDs are unlimited, or the limit is reached; not for unknown keys', async () => {
      const { use, issue } = await openPlaceholders();
      const unlimited = await issue({ limits: { hwid: 'unlimited' } });
      expect(await use('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', 'null')).toEqual([]);
      expect(await use(unlimited.key, 'null')).toHaveLength(1);
      const none = await issue({ limits: { hwid: '0' } });
      expect(await use(none.key, 'undefined')).toHaveLength(2);
    });

    test.each(['accept', 'refuse'] as const)('do not come where placeholders are set to %s', async (mode) => {
      const { use, issue, services } = await openPlaceholders();
      const { key } = await issue();
      await services.settings.patch({ ...by(), patch: { 'hwid.placeholders': mode } });
      expect(await use(key, 'unknown')).toEqual([]);
      await services.settings.patch({ ...by(), patch: { 'hwid.placeholders': 'alert' } });
      expect(await use(key, 'unknown')).toHaveLength(1);
    });
  });

  test('one HWID on licenses of three owners is an alert once a day', async () => {
    const { services, storage, clock, issue, check } = await open();
    const use = async (ownerId: string) => {
      const { key } = await issue({ ownerId });
      await check({ key, hwid: 'board' });
      const [latest] = await storage.attempts('g1', {}, { limit: 1, beforeId: null });
      await services.alerts.watch([latest!]);
      return (await storage.alertsAfter(0, 10)).length;
    };
    for (const ownerId of [alice, bob]) expect(await use(ownerId)).toBe(0);
    expect(await use(carol)).toBe(1);
    clock.advance(24 * hourMs - 1);
    expect(await use(alice)).toBe(1);
    clock.advance(1);
    expect(await use(bob)).toBe(2);
  });

  test('are raised in the guild of the attempts, at most once an hour for each subject', async () => {
    const { services, storage, clock } = await open();
    const refusals = () =>
      [1, 2, 3].map((index) => attempt(0, { at: clock.now(), result: 'hwid-limit', hwid: `board ${index}` }));
    await services.alerts.watch(refusals());
    await services.alerts.watch(refusals());
    expect(await storage.alertsAfter(0, 10)).toMatchObject([{ guildId: 'g1', kind: 'machines-refused' }]);
    clock.advance(hourMs);
    await services.alerts.watch(refusals());
    expect(await storage.alertsAfter(0, 10)).toHaveLength(2);
  });
});

describe('an alert that no guild can be named for', () => {
  const alert = { kind: 'guard-block', subject: '203.0.113.5', text: 'tried too many keys' };

  test('is raised in all guilds of a small installation, once an hour', async () => {
    const { services, storage, addGuild } = await open();
    await addGuild('g2');
    expect(await services.alerts.raiseEverywhere(alert)).toBe(2);
    expect(await services.alerts.raiseEverywhere(alert)).toBe(0);
    expect((await storage.alertsAfter(0, 10)).map(({ guildId }) => guildId)).toEqual(['g1', 'g2']);
  });

  test('is not raised in the quickstart guild, which has no staff to read it', async () => {
    const { services, storage, addGuild } = await open();
    for (const guildId of ['g2', 'g3', quickstartGuildId]) await addGuild(guildId);
    expect(await services.alerts.raiseEverywhere(alert)).toBe(3);
    expect((await storage.alertsAfter(0, 10)).map(({ guildId }) => guildId)).toEqual(['g1', 'g2', 'g3']);
  });

  test('is raised in none of many guilds, which may belong to different operators', async () => {
    const { services, storage, addGuild } = await open();
    for (const guildId of ['g2', 'g3', 'g4']) await addGuild(guildId);
    expect(await services.alerts.raiseEverywhere(alert)).toBe(0);
    expect(await storage.alertsAfter(0, 10)).toEqual([]);
  });

  test('an alert of a guild is raised there only', async () => {
    const { services, storage, addGuild } = await open();
    await addGuild('g2');
    expect(await services.alerts.raise('g2', alert)).toBe(true);
    expect((await storage.alertsAfter(0, 10)).map(({ guildId }) => guildId)).toEqual(['g2']);
  });
});
