import { describe, expect, test } from '@jest/globals';
import type { GuildReference } from '../../src/domain/check-request.ts';
import { alice, bob, by, codeOf, useServices } from '../support/open-services.ts';

const open = useServices();

/** Nothing, in every form that a text can have. */
const nothings = ['', ' ', '\0', 'null', 'undefined', 'NaN', '0', '-1', '…', '...', 'key:', '%', '_', '*', '{}', '$ne'];

const page = { limit: 10, beforeId: null };

/** Licenses that lack every field that can be looked for, one with a key too short to have a last group. */
async function bareLicenses() {
  const world = await open();
  await world.addGuild('g2');
  const bare = await world.issue();
  await world.issue({ key: 'abc' });
  return { ...world, bare };
}

describe.each(nothings)('looking for %j', (nothing) => {
  test('finds no guild, license or product', async () => {
    const { services, check } = await bareLicenses();
    const places: readonly GuildReference[] = [
      { by: 'api-key', secret: nothing },
      { by: 'team', teamId: nothing },
      { by: 'user', userId: nothing },
      { by: 'product', productIds: [Number(nothing)] },
      { by: 'product', productIds: [] },
    ];
    for (const guildReference of places)
      expect(await check({ guildReference })).toMatchObject({ result: 'unknown-guild' });
    expect(await check({ key: nothing })).toMatchObject({ denial: 'license-unknown' });
    expect(codeOf(await services.licenses.resolve('g1', nothing))).toBe('license-not-found');
    expect(codeOf(await services.licenses.resolve(nothing, 'abc'))).toBe('guild-not-found');
    expect(codeOf(await services.products.find('g1', nothing))).toBe('product-not-found');
    expect(codeOf(await services.products.findDeleted('g1', nothing))).toBe('product-not-found');
    expect((await services.licenses.find('g1', nothing, 10)).rows).toEqual([]);
  });

  test('finds no license by what the stored ones lack', async () => {
    const { services } = await bareLicenses();
    const binding = { kind: 'hwid', value: nothing } as const;
    for (const query of [{ ownerId: nothing }, { order: nothing }, { binding }]) {
      expect(await services.licenses.list('g1', query, page)).toEqual([]);
    }
    expect(await services.records.attempts('g1', { ip: nothing }, page)).toEqual([]);
  });

  test('makes nobody the owner of what nobody owns', async () => {
    const { services, bare, storage } = await bareLicenses();
    const own = { userId: nothing, licenseId: bare.license.id };
    for (const answer of [
      await services.buyers.license(own),
      await services.buyers.showKey(own),
      await services.buyers.reset({ ...own, what: 'all' }),
      await services.buyers.switch({ ...own, on: false }),
      await services.buyers.checks(own, 10),
    ]) {
      expect(codeOf(answer)).toBe('license-not-found');
    }
    expect(codeOf(await services.buyers.redeem({ userId: alice, key: nothing, guildId: 'g1' }))).toBe('wrong-key');
    expect(await services.buyers.licenses(nothing, null, { number: 0, size: 10 })).toMatchObject({ total: 0 });
    expect(await storage.license('g1', { id: bare.license.id })).toEqual(bare.license);
  });
});

test('a request without key or API key finds none', async () => {
  const { check, issue } = await open();
  await issue();
  expect(await check({ key: null })).toMatchObject({ denial: 'license-unknown' });
  expect(await check({ guildReference: { by: 'api-key', secret: null } })).toMatchObject({ reason: 'api-key-missing' });
});

test('an empty order, HWID, list entry or id is none, and does not stand for what lacks one', async () => {
  const { services, issue } = await open();
  await issue({ order: 'R-1', ownerId: bob });
  await issue();
  expect(await services.licenses.list('g1', { order: '' }, page)).toEqual([]);
  expect(await services.records.attempts('g1', { hwid: '' }, page)).toEqual([]);
  expect(codeOf(await services.blacklist.find('g1', 'hwid', ''))).toBe('blacklist-value-invalid');
  expect(await services.blacklist.check('g1', '')).toEqual([]);
  expect(codeOf(await services.apiKeys.revoke({ ...by(), id: NaN }))).toBe('api-key-not-found');
});
