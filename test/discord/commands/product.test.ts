import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PermissionFlagsBits } from 'discord.js';
import { type ManagerWorld, pingsIn, publicTexts, startManagerWorld } from '../../support/manager-world.ts';
import { codeOf, valueOf } from '../../support/open-services.ts';

describe('/product', () => {
  let world: ManagerWorld;
  beforeAll(async () => {
    world = await startManagerWorld();
  });
  afterAll(() => world.stop());

  let made = 0;
  /** A product of its own for each test. */
  async function aProduct(own: Partial<Parameters<typeof world.services.products.create>[0]> = {}) {
    made += 1;
    const created = await world.services.products.create({ ...world.by, name: `Product-${made}`, ...own });
    return valueOf(created).product;
  }
  const current = async (productId: number) =>
    valueOf(await world.services.products.info(world.guildId, productId)).product;
  const find = (name: string) => world.services.products.find(world.guildId, name);

  describe('create and edit', () => {
    test('a product is made with what programs already know', async () => {
      const { reply } = await world.staff('product create', {
        name: 'My *Plugin*',
        version: '1.0',
        policy: 'minimum',
        number: 4711,
        uuid: '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90',
        'ip-limit': 'unlimited',
        url: 'https://shop.example/plugin',
      });
      expect(await current(4711)).toMatchObject({
        name: 'My *Plugin*',
        uuid: '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90',
        version: '1.0',
        versionPolicy: 'minimum',
        limits: { ip: null, hwid: 'inherit' },
      });
      expect(reply?.text).toContain('My \\*Plugin\\*');
      expect(reply?.ephemeral).toBe(true);
    });

    test('a name that is taken is refused', async () => {
      const { name } = await aProduct();
      const { reply } = await world.staff('product create', { name: name.toUpperCase() });
      expect(reply?.text).toContain('choose another name');
    });

    test('only what is given changes, and none and @everyone take away', async () => {
      const role = world.discord.addRole(world.guildId, { name: 'Buyer' });
      const { id, name } = await aProduct({ description: 'Old', buyerRoleId: role, claimRoleId: role });
      await world.staff('product edit', { product: String(id), description: 'none', 'buyer-role': world.guildId });
      expect(await current(id)).toMatchObject({ name, description: null, buyerRoleId: null, claimRoleId: role });
    });

    test('the old name still finds it', async () => {
      const { id, name } = await aProduct();
      const { reply } = await world.staff('product edit', { product: name, name: 'Renamed' });
      expect(reply?.text).toContain('Former names');
      expect(valueOf(await find(name)).id).toBe(id);
    });

    test('a limit of 0 is asked about first, also for a product that is being made', async () => {
      const { id } = await aProduct();
      const asked = await world.manager('product edit', { product: String(id), 'hwid-limit': '0' });
      expect(asked.reply?.text).toContain('lets nobody in');
      expect((await current(id)).limits.hwid).toBe('inherit');
      await world.press(asked.reply, 'Set it to 0');
      expect((await current(id)).limits.hwid).toBe(0);
      const created = await world.manager('product create', { name: 'Shut', 'ip-limit': '0' });
      expect(codeOf(await find('Shut'))).toBe('product-not-found');
      await world.press(created.reply, 'Make it so');
      expect(valueOf(await find('Shut')).limits.ip).toBe(0);
    });

    test('a role that the bot cannot give is warned about', async () => {
      const high = world.discord.addRole(world.guildId, { name: 'High', position: 90 });
      const { id } = await aProduct();
      const { reply } = await world.manager('product edit', { product: String(id), 'buyer-role': high });
      expect(reply?.content).toContain('stands above my own role');
      expect((await current(id)).buyerRoleId).toBe(high);
    });

    test('staff without Manage Server cannot have the bot give a staff role', async () => {
      const permissions = PermissionFlagsBits.BanMembers;
      const admin = world.discord.addRole(world.guildId, { name: 'Banner', permissions });
      const { id } = await aProduct();
      const { reply } = await world.staff('product edit', { product: String(id), 'buyer-role': admin });
      expect(reply?.text).toContain('Manage Server');
      expect((await current(id)).buyerRoleId).toBeNull();
      const refused = await world.staff('product create', { name: 'Ladder', 'buyer-role': admin });
      expect(refused.reply?.text).toContain('Manage Server');
      expect(codeOf(await find('Ladder'))).toBe('product-not-found');
      await world.manager('product edit', { product: String(id), 'buyer-role': admin });
      expect((await current(id)).buyerRoleId).toBe(admin);
    });
  });

  describe('info and list', () => {
    test('the card names everything, and posting it pings no user', async () => {
      const { id } = await aProduct({ description: '@everyone `x`', version: '2.0' });
      await world.issue({ product: String(id), ownerId: world.buyerId });
      const { reply } = await world.manager('product info', { product: String(id) });
      expect(reply?.text).toContain('1 license of 1 owner');
      expect(reply?.text).toContain('`2.0`, policy exact');
      await world.press(reply, 'Post here');
      expect(publicTexts(world)).toContain('1 license of 1 owner');
      expect(pingsIn(world)).toEqual([]);
    });

    test('features and metadata are edited in a form on the card', async () => {
      const { id } = await aProduct();
      const { reply } = await world.manager('product info', { product: String(id) });
      const user = world.discord.user(world.managerId);
      const opened = await user.click(reply!.id, 'Features and metadata');
      const fields = { 'Features to add': 'pro', 'Metadata to add or change': 'sku = A1' };
      const done = await user.submitModal(opened.modal!, fields);
      expect(done.reply?.text).toContain('sku = A1');
      expect(await current(id)).toMatchObject({
        features: ['pro'],
        metadata: [{ key: 'sku', value: 'A1', returned: false }],
      });
    });

    test('a list longer than a page goes on', async () => {
      for (let number = 1; number <= 11; number++) await aProduct({ name: `Row ${number}.` });
      const { reply } = await world.manager('product list');
      expect(reply?.text).toContain('Row 11.');
      expect(reply?.text).not.toContain('Row 1.');
      const older = await world.press(reply, 'Older ▶');
      expect(older.reply?.text).toContain('Row 1.');
    });

    test('a product of another guild is not found, completed or listed', async () => {
      const { product } = valueOf(await world.services.products.create({ ...world.other, name: 'Foreign' }));
      for (const command of ['info', 'edit', 'delete', 'version', 'release list']) {
        const { reply } = await world.manager(`product ${command}`, { product: String(product.id) });
        expect(reply?.text).toContain('There is no product');
      }
      const restored = await world.manager('product restore', { product: String(product.id) });
      expect(restored.reply?.text).toContain('There is no product');
      expect(await world.choices(world.staffId, 'product info', 'product', { product: 'foreign' })).toEqual([]);
    });
  });

  describe('delete and restore', () => {
    test('names the licenses, takes the typed name, and the next check knows', async () => {
      const { id, name } = await aProduct();
      const { key } = await world.issue({ product: String(id), ownerId: world.buyerId });
      const asked = await world.manager('product delete', { product: String(id) });
      expect(asked.reply?.text).toContain('1 license of 1 owner');
      const wrong = await world.fillIn(asked.reply, 'Delete it', { 'Type its name': 'Another' });
      expect(wrong.reply?.content).toContain('not its name');
      expect(await world.check({ key, product: name })).toBe('granted');
      const done = await world.fillIn(wrong.reply, 'Delete it', { 'Type its name': name.toLowerCase() });
      expect(done.reply?.text).toContain('Product deleted');
      expect(await world.check({ key, product: name })).toBe('license-unknown');
      await world.press(done.reply, 'Restore it');
      expect(await world.check({ key, product: name })).toBe('granted');
    });

    test('restoring goes by name and takes the permission to delete licenses, and what was not deleted is not found', async () => {
      const { id, name } = await aProduct();
      await world.services.products.delete({ ...world.by, productId: id, name });
      const refused = await world.staff('product restore', { product: name });
      expect(refused.reply?.text).toContain('license.delete');
      const { reply } = await world.manager('product restore', { product: name });
      expect(reply?.text).toContain('Product restored');
      expect((await current(id)).deletedAt).toBeNull();
      const again = await world.manager('product restore', { product: name });
      expect(again.reply?.text).toContain('There is no product');
    });

    test('deleting licenses with it needs that permission, too, also at the button', async () => {
      const { id, name } = await aProduct();
      const asked = await world.staff('product delete', { product: String(id) });
      expect(asked.reply?.text).toContain('Delete this product?');
      await world.issue({ product: String(id) });
      const opened = await world.discord.user(world.staffId).click(asked.reply!, 'Delete it');
      const sent = await world.discord.user(world.staffId).submitModal(opened.modal!, { 'Type its name': name });
      expect(sent.reply?.text).toContain('license.delete');
      const refused = await world.staff('product delete', { product: String(id) });
      expect(refused.reply?.text).toContain('license.delete');
      expect((await current(id)).deletedAt).toBeNull();
    });
  });

  describe('version and releases', () => {
    test('a new version says how many clients it refuses, and another policy lets them in', async () => {
      const { id, name } = await aProduct({ version: '1.0' });
      const { key } = await world.issue({ product: String(id) });
      expect(await world.check({ key, product: name, version: '1.0' })).toBe('granted');
      const { reply } = await world.manager('product version', { product: String(id), version: '2.0' });
      expect(reply?.text).toContain('1 client of the last 24 h will be refused');
      expect(reply?.text).toContain('Another policy below');
      expect(await world.check({ key, product: name, version: '1.0' })).toBe('version-mismatch');
      const kinder = await world.pick(reply, 'Which versions may run', 'released');
      expect(kinder.reply?.text).toContain('No client of the last 24 h is refused');
      expect(await world.check({ key, product: name, version: '1.0' })).toBe('granted');
      const back = await world.pick(kinder.reply, 'Which versions may run', 'exact');
      expect(back.reply?.text).toContain('1 client');
    });

    test('without a version it shows the one there is, and none takes it away', async () => {
      const { id } = await aProduct({ version: '3.1' });
      const shown = await world.manager('product version', { product: String(id) });
      expect(shown.reply?.text).toContain('`3.1`');
      expect(await current(id)).toMatchObject({ version: '3.1', versionPolicy: 'exact' });
      await world.manager('product version', { product: String(id), version: 'none', policy: 'any' });
      expect(await current(id)).toMatchObject({ version: null, versionPolicy: 'any' });
    });

    test('releases are added, listed and archived, and the current version stays', async () => {
      const { id } = await aProduct({ version: '1.0' });
      const product = String(id);
      await world.staff('product release add', { product, version: '1.1', branch: 'beta', status: 'draft' });
      const taken = await world.staff('product release add', { product, version: '1.1', branch: 'beta' });
      expect(taken.reply?.text).toContain('is there already');
      await world.staff('product release add', { product, version: '1.1' });
      const listed = await world.staff('product release list', { product });
      expect(listed.reply?.text).toContain('`1.1` on beta · draft');
      expect(listed.reply?.text).toContain('`1.1` · published · latest');
      expect(listed.reply?.text).toContain('`1.0` · published · <t:');
      expect(
        await world.choices(world.staffId, 'product release archive', 'version', { product, version: '1' }),
      ).toEqual(['1.1', '1.0']);
      const choices = await world.choices(world.staffId, 'product release latest', 'version', {
        product,
        version: '1',
      });
      expect(choices).toEqual(['1.0']);
      const marked = await world.staff('product release latest', { product, version: '1.0' });
      expect(marked.reply?.text).toContain('`1.0` is the latest of');
      await world.staff('product release latest', { product, version: '1.1' });
      const archived = await world.staff('product release archive', { product, version: '1.1' });
      expect(archived.reply?.text).toContain('`1.0` is the latest now.');
      const kept = await world.staff('product release add', { product, version: '0.9', latest: false });
      expect(kept.reply?.text).toMatch(/is published\.\s/);
      const { version, releases } = await current(id);
      expect(version).toBe('1.0');
      expect(releases.map((one) => [one.version, one.branch, one.status])).toEqual([
        ['1.0', null, 'published'],
        ['1.1', 'beta', 'draft'],
        ['1.1', null, 'archived'],
        ['0.9', null, 'published'],
      ]);
      const unknown = await world.staff('product release archive', { product, version: '9' });
      expect(unknown.reply?.text).toContain('There is no version 9');
    });

    test('a list of releases longer than a page goes on', async () => {
      const { id } = await aProduct();
      for (let number = 1; number <= 16; number++) {
        const release = { ...world.by, productId: id, version: `0.${number}.0`, branch: null };
        await world.services.products.addRelease({ ...release, status: 'published' });
      }
      const { reply } = await world.manager('product release list', { product: String(id) });
      expect(reply?.text).not.toContain('`0.1.0`');
      expect((await world.press(reply, 'Older ▶')).reply?.text).toContain('`0.1.0`');
    });
  });

  test('a member without the role is refused with what is missing', async () => {
    const role = world.discord.addRole(world.guildId, { name: 'Makers' });
    await world.services.settings.patch({ ...world.by, patch: { 'roles.product': [role] } });
    const { reply } = await world.staff('product create', { name: 'Sneaky' });
    expect(reply?.text).toContain(`<@&${role}>`);
    expect(codeOf(await find('Sneaky'))).toBe('product-not-found');
    await world.services.settings.patch({ ...world.by, patch: { 'roles.product': null } });
  });
});
