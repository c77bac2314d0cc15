import type { GuildReference } from '../../../src/domain/check-request.ts';
import { alice, bob, by, staffMember, type useServices, valueOf } from '../../support/open-services.ts';
import { secretOf } from '../../support/storage-fixtures.ts';

export const page = { limit: 100, beforeId: null };
/** Stands in everything of the other guild that can hold a text. */
export const mark = 'of-the-other-guild';
export const theirUuid = '22222222-2222-4222-8222-222222222222';

export const theirCustomer = { email: 'buyer@shop.example', addIdentities: ['other:of-them'] };

/** Guild `g1`, whose staff and API key attack, and guild `g2`, which has one of everything. */
export async function openTwoGuilds(open: ReturnType<typeof useServices>) {
  const world = await open();
  const { services, issue, check } = world;
  await world.addGuild('g2');
  const g2 = { ...by('g2'), actor: staffMember };
  const own = (await issue({ ownerId: alice })).license;
  const { product } = valueOf(await services.products.create({ ...g2, name: `Panel ${mark}`, version: '1' }));
  const { product: gone } = valueOf(await services.products.create({ ...g2, name: `Gone ${mark}` }));
  valueOf(await services.products.delete({ ...g2, productId: gone.id, name: gone.name }));
  const wanted = { ...g2, product: product.name, ownerId: bob, note: mark, order: mark, name: mark, confirmed: true };
  const foreign = await issue(wanted);
  const deleted = await issue(wanted);
  valueOf(await services.licenses.delete({ ...g2, licenseId: deleted.license.id }));
  valueOf(await services.licenses.reset({ ...g2, licenseId: foreign.license.id, what: 'all' }));
  const unclaimed = await issue({ ...g2, product: product.name, note: mark });
  const { apiKey } = valueOf(await services.apiKeys.create({ ...g2, name: mark }));
  const { entry } = valueOf(await services.blacklist.add({ ...g2, type: 'hwid', value: `hwid-${mark}` }));
  valueOf(await services.settings.set({ ...g2, key: 'key.prefix', value: mark }));
  valueOf(await services.customers.setUuid({ ...g2, userId: bob, uuid: theirUuid }));
  const { customer: buyer } = valueOf(await services.customers.add({ ...g2, username: mark, ...theirCustomer }));
  const { customer: merged } = valueOf(await services.customers.add({ ...g2, fullName: mark }));
  const into = (await world.storage.ensureCustomer('g2', bob)).id;
  valueOf(await services.customers.merge({ ...g2, from: merged.id, into }));
  const guildReference: GuildReference = { by: 'api-key', secret: secretOf('g2') };
  await check({ guildReference, key: foreign.key, product: product.name, version: '1', hwid: mark, userAgent: mark });
  return { ...world, buyer, merged, own, product, gone, foreign, deleted, unclaimed, apiKey, entry };
}
export type World = Awaited<ReturnType<typeof openTwoGuilds>>;

/** Everything that the other guild has. */
export async function stateOf({ storage, foreign, deleted, unclaimed }: World): Promise<unknown> {
  const licenses = [foreign, deleted, unclaimed].map(({ license: { id } }) => id);
  return {
    bundle: (await storage.guilds()).find(({ id }) => id === 'g2'),
    settings: (await storage.bundle('g2'))?.settings,
    products: [...((await storage.bundle('g2'))?.products.all() ?? []), ...(await storage.deletedProducts('g2'))],
    licenses: await Promise.all(licenses.map((id) => storage.license('g2', { id }))),
    bindings: await Promise.all(licenses.map((id) => storage.bindings('g2', id, 100))),
    keys: await Promise.all(licenses.map((id) => storage.licenseKey('g2', id))),
    customer: await storage.customerId('g2', bob),
    customers: await storage.customers('g2', {}, page),
    apiKeys: await storage.apiKeys('g2'),
    blacklist: await storage.blacklist('g2', {}, page),
    attempts: await storage.attempts('g2', { quiet: true }, page),
    audit: await storage.audit('g2', {}, page),
    effects: (await storage.effectsById(Array.from({ length: 500 }, (_, id) => id))).filter(
      ({ guildId }) => guildId === 'g2',
    ),
    alerts: (await storage.alertsAfter(0, 500)).filter(({ guildId }) => guildId === 'g2'),
  };
}
