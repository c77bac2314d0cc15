import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ManagerWorld, startManagerWorld } from '../support/manager-world.ts';
import { valueOf } from '../support/open-services.ts';

let world: ManagerWorld;
beforeAll(async () => {
  world = await startManagerWorld();
});
afterAll(() => world.stop());

test('with one setting, keys in another letter case run from the next check on, and with it back no longer', async () => {
  const { services, by, manager, check } = world;
  valueOf(await services.products.create({ ...by, name: 'Vault' }));
  const { key } = await world.issue();
  const typed = key.toLowerCase();
  expect(await check({ key: typed })).toBe('license-unknown');

  const { reply } = await manager('settings set', { key: 'key.ignoreCase', value: 'on' });
  expect(reply?.text).toContain('key.ignoreCase: `off` → `on`');
  expect(await check({ key: typed })).toBe('granted');
  expect(await check({ key })).toBe('granted');

  await manager('settings set', { key: 'key.ignoreCase', value: 'off' });
  expect(await check({ key: typed })).toBe('license-unknown');
});
