import { describe, expect, test } from '@jest/globals';
import { createServices } from '../../src/services/services.ts';
import { alice, by, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const dayMs = 86_400_000;

describe('expired licenses', () => {
  test('have their owners notified and their roles corrected, once', async () => {
    const { services, storage, issue, clock, auditActions } = await open();
    const { license } = await issue({ ownerId: alice, expires: '1d', silent: true });
    await issue({ expires: '2d' });
    expect(await services.upkeep.expire()).toBe(0);
    clock.advance(dayMs);
    expect(await services.upkeep.expire()).toBe(1);
    expect(await services.upkeep.expire()).toBe(0);
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.expired', 'license.issued']);
    const messages = await storage.claimEffects('dm', 10, 1000);
    expect(messages.map(({ effect }) => effect)).toEqual([
      { kind: 'dm', userId: alice, message: { type: 'expired', licenseId: license.id, reason: null } },
    ]);
    expect(await storage.claimEffects('roles', 10, 1000)).toHaveLength(2);
  });

  test('that were extended and end again are handled again', async () => {
    const { services, issue, clock } = await open();
    const { license } = await issue({ expires: '1d' });
    clock.advance(dayMs);
    await services.upkeep.expire();
    valueOf(await services.licenses.extend({ ...by(), licenseId: license.id, term: '1d' }));
    clock.advance(dayMs);
    expect(await services.upkeep.expire()).toBe(1);
  });

  test('are all done in one run, however many', async () => {
    const { services, issue, clock } = await open();
    await issue({ amount: 450, expires: '1d' });
    clock.advance(dayMs);
    expect(await services.upkeep.expire()).toBe(450);
  });
});

test('attempts go after the time that each guild keeps them', async () => {
  const { services, issue, check, clock, addGuild } = await open();
  await addGuild('g2');
  const here = await issue();
  const there = await issue({ ...by('g2') });
  valueOf(await services.settings.patch({ ...by(), patch: { 'retention.attemptDays': 1 } }));
  valueOf(await services.settings.patch({ ...by('g2'), patch: { 'retention.attemptDays': 0 } }));
  await check({ key: here.key });
  await check({ key: there.key, guildReference: { by: 'team', teamId: 'team-g2' } });
  clock.advance(200 * dayMs);
  await check({ key: here.key });
  await services.upkeep.retain();
  const page = { limit: 10, beforeId: null };
  expect(await services.records.attempts('g1', {}, page)).toHaveLength(1);
  expect(await services.records.attempts('g2', {}, page)).toHaveLength(1);
});

test('statistics stay for 32 days by the hour, and by the day for 400 days or as long as the attempts', async () => {
  const { services, storage, issue, check, clock, addGuild } = await open();
  const days = { g1: 90, g2: 500, g3: 0 };
  for (const [guildId, attemptDays] of Object.entries(days)) {
    if (guildId !== 'g1') await addGuild(guildId);
    if (attemptDays !== 90) {
      valueOf(await services.settings.patch({ ...by(guildId), patch: { 'retention.attemptDays': attemptDays } }));
    }
    const { key } = await issue({ ...by(guildId) });
    await check({ key, guildReference: { by: 'team', teamId: `team-${guildId}` } });
  }
  const left = async (period: 'hour' | 'day') => {
    await services.upkeep.retain();
    const found = Object.keys(days).map((guildId) => storage.attemptStatistics(guildId, period, new Date(0)));
    return (await Promise.all(found)).map(({ length }) => length);
  };
  // In steps in which the clock is believed. The first of them is at the very hour and day.
  const wait = async (toDay: number, fromDay: number) => {
    for (let day = fromDay; day < toDay; day += 20) {
      clock.advance(Math.min(20, toDay - day) * dayMs);
      await services.clock.watch();
    }
  };
  await wait(32, 0);
  expect(await left('hour')).toEqual([1, 1, 1]);
  await wait(33, 32);
  expect(await left('hour')).toEqual([0, 0, 0]);
  await wait(400, 33);
  expect(await left('day')).toEqual([1, 1, 1]);
  await wait(401, 400);
  expect(await left('day')).toEqual([0, 1, 1]);
  await wait(502, 401);
  expect(await left('day')).toEqual([0, 0, 1]);
});

test('alerts go after the time that each guild keeps them, 90 days unless it says otherwise', async () => {
  const { services, storage, clock, addGuild } = await open();
  await addGuild('g2');
  valueOf(await services.settings.patch({ ...by('g2'), patch: { 'retention.alertDays': 0 } }));
  for (const guildId of ['g1', 'g2']) await services.alerts.raise(guildId, { kind: 'k', subject: 's', text: 't' });
  const guildsWithAlerts = async () => (await storage.alertsAfter(0, 10)).map(({ guildId }) => guildId);
  clock.advance(90 * dayMs);
  await services.upkeep.retain();
  expect(await guildsWithAlerts()).toEqual(['g1', 'g2']);
  clock.advance(1);
  await services.upkeep.retain();
  expect(await guildsWithAlerts()).toEqual(['g2']);
});

test('ended effects go after 30 days, pending ones stay', async () => {
  const { services, storage, issue, clock } = await open();
  await issue({ ownerId: alice });
  const [claimed] = await storage.claimEffects('dm', 1, 1000);
  await storage.finishEffect(claimed!.id, { status: 'done', outcome: 'sent', dueAt: null }, null);
  clock.advance(30 * dayMs + 1);
  expect(await services.upkeep.retain()).toBe(1);
  expect(await storage.effectsById([claimed!.id])).toEqual([]);
  expect(await storage.claimEffects('roles', 10, 1000)).toHaveLength(1);
});

test('blacklist entries whose end has passed go with an audit event', async () => {
  const { services, clock, auditActions } = await open();
  const { entry } = valueOf(await services.blacklist.add({ ...by(), type: 'ip', value: '203.0.113.5' }));
  expect(await services.upkeep.endBlacklistEntries()).toBe(0);
  clock.advance(30 * dayMs);
  expect(await services.upkeep.endBlacklistEntries()).toBe(1);
  expect(await auditActions(`blacklist:${entry.id}`)).toEqual(['blacklist.ended', 'blacklist.added']);
});

test('what was deleted is purged after 30 days, and its key is free again', async () => {
  const { services, storage, issue, clock } = await open();
  const { license } = await issue({ key: 'my key' });
  valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
  clock.advance(30 * dayMs);
  expect(await services.upkeep.purge()).toBe(0);
  clock.advance(1);
  expect(await services.upkeep.purge()).toBeGreaterThan(0);
  expect(await storage.license('g1', { id: license.id })).toBeNull();
  expect((await issue({ key: 'my key' })).license.id).not.toBe(license.id);
});

test('a license that a clock that was ahead took for expired gets its roles back, and ends when it ends', async () => {
  const { services, storage, issue, clock, auditActions } = await open();
  const { license } = await issue({ ownerId: alice, expires: '1d', silent: true });
  /** Carries out all effects, and returns what they did. */
  const carryOut = async () => {
    const done = [...(await storage.claimEffects('dm', 10, 1000)), ...(await storage.claimEffects('roles', 10, 1000))];
    for (const { id } of done) await storage.finishEffect(id, { status: 'done', outcome: null, dueAt: null }, null);
    return done.map(({ effect }) => (effect.kind === 'dm' ? effect.message.type : `roles of ${effect.userId}`));
  };
  await carryOut();
  clock.advance(2 * dayMs);
  expect(await services.upkeep.expire()).toBe(1);
  expect(await carryOut()).toEqual(['expired', `roles of ${alice}`]);
  clock.advance(-2 * dayMs);
  // Something of the right time is stored, so that the clock is believed again.
  await issue();
  expect(await services.upkeep.withdrawExpiries()).toBe(1);
  expect(await services.upkeep.withdrawExpiries()).toBe(0);
  expect(await services.upkeep.expire()).toBe(0);
  expect((await auditActions(`license:${license.id}`))[0]).toBe('license.expiry-undone');
  expect(await carryOut()).toEqual(['extended', `roles of ${alice}`]);
  clock.advance(dayMs);
  expect(await services.upkeep.expire()).toBe(1);
  expect((await auditActions(`license:${license.id}`))[0]).toBe('license.expired');
});

describe('while the clock cannot be believed', () => {
  /** A shop in which everything has something to do in 200 days, and services that were just started. */
  async function openAhead() {
    const world = await open();
    const { services, storage, issue, check, clock, product, random } = world;
    const gone = await issue();
    const { key } = await issue({ ownerId: alice, expires: '1d', silent: true });
    await check({ key });
    valueOf(await services.licenses.delete({ ...by(), licenseId: gone.license.id }));
    valueOf(await services.products.delete({ ...by(), productId: product.id, name: product.name }));
    valueOf(await services.products.restore({ ...by(), productId: product.id }));
    valueOf(await services.blacklist.add({ ...by(), type: 'ip', value: '203.0.113.77' }));
    const [effect] = await storage.claimEffects('roles', 1, 1000);
    await storage.finishEffect(effect!.id, { status: 'done', outcome: null, dueAt: null }, null);
    const jobs = () => {
      const { upkeep } = createServices({ storage, clock: clock.now, randomBytes: random, publicUrl: () => '' });
      return async () => [
        await upkeep.expire(),
        await upkeep.endBlacklistEntries(),
        await upkeep.retain(),
        await upkeep.purge(),
      ];
    };
    return { ...world, jobs };
  }

  test('because it is 200 days later than the newest entry, nothing is removed or ended for an hour', async () => {
    const { clock, jobs } = await openAhead();
    clock.advance(200 * dayMs);
    const run = jobs();
    expect(await run()).toEqual([0, 0, 0, 0]);
    clock.advance(3_600_000);
    const [expired, ended, removed, purged] = await run();
    expect([expired, ended]).toEqual([1, 1]);
    expect(removed).toBeGreaterThan(0);
    expect(purged).toBeGreaterThan(0);
  });

  test('because the newest entry lies in the future, nothing is removed or ended either', async () => {
    const { clock, issue, jobs } = await openAhead();
    clock.advance(29 * dayMs);
    await issue();
    clock.advance(10 * dayMs);
    await issue();
    clock.advance(-301_000);
    const run = jobs();
    expect(await run()).toEqual([0, 0, 0, 0]);
    await issue();
    expect(await run()).not.toContain(0);
  });
});
