import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LicenseWorld, startLicenseWorld } from '../../support/license-world.ts';
import { valueOf } from '../../support/open-services.ts';

describe('licenses of several products', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
    for (const name of ['Panel', 'Proxy', 'Tools, small'])
      valueOf(await world.services.products.create({ ...world.by, name }));
  });
  afterAll(() => world.stop());

  const newest = async () => {
    const { services, guildId } = world;
    return (await services.licenses.list(guildId, {}, { limit: 1, beforeId: null }))[0]!;
  };
  const namesOf = async (id: number) => {
    const view = valueOf(await world.services.licenses.view(world.guildId, id));
    return [view.product, ...view.furtherProducts].map(({ name }) => name);
  };
  const idOf = async (name: string) => String(valueOf(await world.services.products.find(world.guildId, name)).id);

  test('are issued by names and ids, and their owner reads what they are for', async () => {
    const { staff, buyer, buyerId, check } = world;
    const also = `panel, ${await idOf('Proxy')}`;
    const { reply } = await staff('license issue', { product: 'Vault', also, user: buyerId });
    expect(reply?.text).toContain('Vault, Panel and Proxy');
    const { license } = await newest();
    expect(await namesOf(license.id)).toEqual(['Vault', 'Panel', 'Proxy']);
    const { key } = valueOf(await world.services.licenses.reveal({ ...world.by, licenseId: license.id }));
    expect(await check({ key, product: 'Panel' })).toBe('granted');
    expect((await buyer('mylicenses')).reply?.text).toContain('Vault, Panel and Proxy');
    expect((await staff('license info', { license: String(license.id) })).reply?.text).toContain('Panel and Proxy');
    expect((await staff('license list', { product: 'Proxy' })).reply?.text).toContain('also for Panel and Proxy');
  });

  test('for all products say so', async () => {
    const { staff, check } = world;
    const { reply } = await staff('license issue', { product: 'Vault', 'all-products': true });
    expect(reply?.text).toContain('Vault and all other products');
    const { license } = await newest();
    const { key } = valueOf(await world.services.licenses.reveal({ ...world.by, licenseId: license.id }));
    expect(await check({ key, product: 'Proxy' })).toBe('granted');
  });

  test('a name with a comma stands alone', async () => {
    await world.staff('license issue', { product: 'Vault', also: 'Tools, small' });
    expect(await namesOf((await newest()).license.id)).toEqual(['Vault', 'Tools, small']);
  });

  test('are edited, and the reply shows before and after', async () => {
    const { staff, issue } = world;
    const { license } = await issue({ product: 'Vault' });
    const edit = async (options: Readonly<Record<string, string | boolean>>) =>
      (await staff('license edit', { license: String(license.id), ...options })).reply?.text;
    expect(await edit({ 'add-product': 'Panel, Proxy' })).toContain('further products: `none` → `Panel and Proxy`');
    expect(await edit({ 'remove-product': 'Panel' })).toContain('further products: `Panel and Proxy` → `Proxy`');
    expect(await edit({ 'remove-product': 'Vault' })).toContain('is the license’s main product');
    expect(await edit({ 'add-product': 'Proxy' })).toContain('named twice');
    expect(await edit({ 'all-products': true })).toContain('all products: `no` → `yes`');
    expect(await namesOf(license.id)).toEqual(['Vault', 'Proxy']);
  });

  test('an option for several completes the last of them and keeps those before', async () => {
    const { discord, guildId, channelId, staffId } = world;
    const [panel, proxy] = [await idOf('Panel'), await idOf('Proxy')];
    const complete = async (typed: string) =>
      (await discord.user(staffId).autocomplete(guildId, channelId, 'license issue', 'also', { also: typed })).choices;
    expect(await complete('pan')).toEqual([{ name: 'Panel', value: panel }]);
    expect(await complete(`${panel}, pro`)).toEqual([{ name: 'Panel, Proxy', value: `${panel}, ${proxy}` }]);
    const all = await complete(`${panel},`);
    expect(all!.map(({ name }) => name)).toEqual(['Panel, Proxy', 'Panel, Tools, small', 'Panel, Vault']);
  });
});
