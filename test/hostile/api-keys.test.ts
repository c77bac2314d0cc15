import { describe, expect, test } from '@jest/globals';
import { scopes } from '../../src/domain/api-key.ts';
import { by, valueOf } from '../support/open-services.ts';
import { type RunningShop, useShops } from '../support/running-shop.ts';

const startShop = useShops();
const [guildId, otherId] = ['100000000000000001', '200000000000000002'];
const here = by(guildId);

/** Two guilds that sell the same product under the same key, each with an API key. */
async function openShop() {
  const shop = await startShop();
  const { services } = shop;
  const made: Record<string, { readonly secret: string; readonly id: number }> = {};
  for (const id of [guildId, otherId]) {
    await services.guilds.ensure({ id, name: `Guild ${id}` });
    valueOf(await services.products.create({ ...by(id), name: 'Plugin', version: '1.0.0' }));
    const input = { ...by(id), product: null, mayManage: true, key: 'THE-SAME-KEY-IN-BOTH', note: id };
    valueOf(await services.licenses.issue(input));
    const { apiKey, secret } = valueOf(await services.apiKeys.create({ ...by(id), name: 'main' }));
    made[id] = { secret, id: apiKey.id };
  }
  return { shop, own: made[guildId]!, foreign: made[otherId]! };
}

const ask = async (shop: RunningShop, secret: string) =>
  (await shop.check(secret, { licensekey: 'THE-SAME-KEY-IN-BOTH' })).status;
const attemptsIn = async ({ services }: RunningShop, id: string) =>
  (await services.records.attempts(id, {}, { limit: 100, beforeId: null })).length;

describe('an API key', () => {
  const subsets = Array.from({ length: 2 ** scopes.length - 1 }, (_, bits) =>
    scopes.filter((_scope, index) => (bits + 1) & (2 ** index)),
  );

  test.each(subsets.map((subset) => [subset.join(', '), subset] as const))(
    'with %s opens checks only with auth',
    async (_, subset) => {
      const { shop } = await openShop();
      const { secret } = valueOf(await shop.services.apiKeys.create({ ...here, name: 'scoped', scopes: subset }));
      const isAllowed = subset.includes('auth');
      expect(await ask(shop, secret)).toBe(isAllowed ? 200 : 403);
      expect(await attemptsIn(shop, guildId)).toBe(isAllowed ? 1 : 0);
    },
  );

  test('that is revoked beside the running server opens nothing from the next check on', async () => {
    const { shop, own, foreign } = await openShop();
    expect(await ask(shop, own.secret)).toBe(200);
    expect(await shop.cli(['apikey', 'revoke', String(own.id), '--guild', guildId])).toMatchObject({ exitCode: 0 });
    expect(await ask(shop, own.secret)).toBe(403);
    expect(await ask(shop, foreign.secret)).toBe(200);
    expect(await attemptsIn(shop, guildId)).toBe(1);
  });

  test('opens its own guild, where both have the same key text and product name', async () => {
    const { shop, own, foreign } = await openShop();
    expect(await ask(shop, own.secret)).toBe(200);
    expect([await attemptsIn(shop, guildId), await attemptsIn(shop, otherId)]).toEqual([1, 0]);
    expect(await ask(shop, foreign.secret)).toBe(200);
    expect([await attemptsIn(shop, guildId), await attemptsIn(shop, otherId)]).toEqual([1, 1]);
  });

  test('of a guild that was deleted opens nothing, and the guild’s key is no license elsewhere', async () => {
    const { shop, own, foreign } = await openShop();
    valueOf(await shop.services.guilds.delete(here));
    expect(await ask(shop, own.secret)).toBe(403);
    expect(await ask(shop, foreign.secret)).toBe(200);
  });

  test('is nothing by its id, its name, its hash or a part of it', async () => {
    const { shop, own } = await openShop();
    for (const text of [String(own.id), 'main', own.secret.slice(0, -1), `${own.secret}=`, own.secret.toUpperCase()]) {
      expect(await ask(shop, text)).toBe(403);
    }
  });
});
