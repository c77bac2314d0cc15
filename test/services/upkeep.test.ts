import { describe, expect, test } from '@jest/globals';
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
