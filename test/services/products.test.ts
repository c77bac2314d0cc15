import { describe, expect, test } from '@jest/globals';
import { alice, bob, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const uuid = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
const role = '500000000000000001';

describe('making a product', () => {
  test('everything can be supplied, and its version is a published release', async () => {
    const { services, auditActions } = await open();
    const fields = {
      name: 'Panel',
      id: 4711,
      uuid,
      version: '1.2',
      versionPolicy: 'minimum',
      buyerRoleId: `<@&${role}>`,
      url: 'https://example.org',
      limits: { ip: '1', hwid: 'unlimited' },
    } as const;
    const { product } = valueOf(await services.products.create({ ...by(), ...fields }));
    expect(product).toMatchObject({
      id: 4711,
      uuid,
      name: 'Panel',
      version: '1.2',
      versionPolicy: 'minimum',
      buyerRoleId: role,
      limits: { ip: 1, hwid: null, mac: 'inherit' },
      releases: [{ version: '1.2', branch: null, status: 'published' }],
    });
    expect(await auditActions('product:4711')).toEqual(['product.created']);
  });

  test.each([
    ['product-name-taken', { name: 'vault' }],
    ['product-id-taken', { id: 4711 }],
    ['product-uuid-taken', { uuid }],
    ['invalid-id', { id: 0 }],
    ['invalid-id', { id: 2 ** 31 }],
    ['invalid-id', { uuid: 'abc' }],
    ['invalid-id', { buyerRoleId: 'VIP' }],
    ['text-missing', { name: '' }],
    ['text-too-long', { name: 'x'.repeat(101) }],
    ['version-invalid', { version: '1 2' }],
    ['url-invalid', { url: 'javascript:alert(1)' }],
    ['invalid-limit', { limits: { ip: 'many' } }],
    ['guild-not-found', { guildId: 'g9' }],
  ])('is refused with %s for %j', async (code, own) => {
    const { services } = await open();
    valueOf(await services.products.create({ ...by(), name: 'Panel', id: 4711, uuid }));
    expect(codeOf(await services.products.create({ ...by(), name: 'Other', ...own }))).toBe(code);
    expect(await services.products.list('g1')).toHaveLength(2);
  });

  test('stores names without what cannot be seen, and finds them by what looks the same', async () => {
    const { services } = await open();
    const name = '\u200bMy\u00a0 Caf\u0065\u0301\u00ad';
    const { product } = valueOf(await services.products.create({ ...by(), name, version: '1.0\u200b' }));
    expect(product).toMatchObject({ name: 'My Caf\u00e9', version: '1.0' });
    expect(codeOf(await services.products.create({ ...by(), name: 'my \u3000caf\u00e9' }))).toBe('product-name-taken');
    for (const asked of ['my caf\u00e9', 'My  Cafe\u0301', '\u2060My\u2003Caf\u00e9']) {
      expect(valueOf(await services.products.find('g1', asked)).id).toBe(product.id);
    }
    const release = { ...by(), productId: product.id, version: '\ufeff1.0', branch: null };
    expect(codeOf(await services.products.addRelease({ ...release, status: 'published' }))).toBe('release-exists');
    expect(codeOf(await services.products.create({ ...by(), name: '\u200b' }))).toBe('text-missing');
    valueOf(await services.products.delete({ ...by(), productId: product.id, name: 'my\u00a0caf\u00e9' }));
    expect(valueOf(await services.products.findDeleted('g1', 'My  caf\u00e9')).id).toBe(product.id);
  });

  test('a limit of 0 is a warning', async () => {
    const { services } = await open();
    const made = await services.products.create({ ...by(), name: 'Panel', limits: { mac: '0' } });
    expect(valueOf(made).warnings).toEqual([{ code: 'zero-limit', kind: 'mac' }]);
  });
});

describe('finding a product', () => {
  test('by id before a name of digits, by UUID, by name in any case, and the only one without a name', async () => {
    const { services, product } = await open();
    expect(valueOf(await services.products.find('g1', null))).toEqual(product);
    const named = valueOf(await services.products.create({ ...by(), name: String(product.id) })).product;
    expect(valueOf(await services.products.find('g1', String(product.id))).id).toBe(product.id);
    expect(valueOf(await services.products.find('g1', String(named.id))).id).toBe(named.id);
    expect(valueOf(await services.products.find('g1', named.uuid.toUpperCase())).id).toBe(named.id);
    expect(valueOf(await services.products.find('g1', ' VAULT ')).id).toBe(product.id);
    expect(await services.products.find('g1', null)).toMatchObject({
      error: { code: 'product-required', products: [String(product.id), 'Vault'] },
    });
    expect(codeOf(await services.products.find('g1', 'Nothing'))).toBe('product-not-found');
    expect(codeOf(await services.products.find('g9', null))).toBe('guild-not-found');
  });

  test('where there is none yet, says so', async () => {
    const { services, product } = await open();
    valueOf(await services.products.delete({ ...by(), productId: product.id, name: 'Vault' }));
    expect(await services.products.find('g1', null)).toMatchObject({
      error: { code: 'product-not-found', product: null },
    });
    expect(codeOf(await services.products.find('g1', String(product.id)))).toBe('product-not-found');
    expect(codeOf(await services.products.info('g1', product.id))).toBe('product-not-found');
    expect(valueOf(await services.products.findDeleted('g1', 'vault')).id).toBe(product.id);
    expect(codeOf(await services.products.findDeleted('g1', 'other'))).toBe('product-not-found');
  });

  test('info counts licenses and owners', async () => {
    const { services, product, issue } = await open();
    await issue({ ownerId: alice, amount: 2 });
    await issue({ ownerId: bob });
    await issue();
    const counted = { licenses: 4, owners: 2 };
    expect(valueOf(await services.products.info('g1', product.id))).toMatchObject(counted);
  });
});

describe('editing a product', () => {
  test('the old name stays valid, for people and for client programs', async () => {
    const { services, product, issue, check } = await open();
    const { key } = await issue();
    const edited = await services.products.edit({ ...by(), productId: product.id, name: 'Safe' });
    expect(valueOf(edited).product).toMatchObject({ name: 'Safe', aliases: ['Vault'] });
    expect(valueOf(await services.products.find('g1', 'vault')).name).toBe('Safe');
    expect(await check({ key, product: 'Vault' })).toMatchObject({ result: 'granted' });
    expect(codeOf(await services.products.create({ ...by(), name: 'VAULT' }))).toBe('product-name-taken');
    const back = await services.products.edit({ ...by(), productId: product.id, name: 'Vault' });
    expect(valueOf(back).product.aliases).toEqual(['Safe']);
  });

  test('what is not given stays, null removes', async () => {
    const { services, product } = await open();
    valueOf(await services.products.edit({ ...by(), productId: product.id, description: 'Good', url: 'https://a.b' }));
    const edited = await services.products.edit({ ...by(), productId: product.id, url: null });
    expect(valueOf(edited).product).toMatchObject({ description: 'Good', url: null });
  });

  test.each([
    ['nothing-to-change', { name: 'Vault' }],
    ['product-name-taken', { name: 'Panel' }],
    ['text-too-long', { description: 'x'.repeat(1001) }],
    ['product-not-found', { productId: 999 }],
    ['product-not-found', { guildId: 'g2', name: 'Mine' }],
  ])('is refused with %s for %j', async (code, own) => {
    const { services, product, addGuild } = await open();
    await addGuild('g2');
    valueOf(await services.products.create({ ...by(), name: 'Panel' }));
    expect(codeOf(await services.products.edit({ ...by(), productId: product.id, ...own }))).toBe(code);
  });

  test('a new buyer role queues a correction of the roles of all its owners, once each', async () => {
    const { services, storage, product, issue } = await open();
    await issue({ ownerId: alice, amount: 3, silent: true });
    await issue({ ownerId: bob, silent: true });
    for (const { id } of await storage.claimEffects('roles', 100, 1000)) {
      await storage.finishEffect(id, { status: 'done', outcome: null, dueAt: null }, null);
    }
    valueOf(await services.products.edit({ ...by(), productId: product.id, buyerRoleId: role }));
    const claimed = await storage.claimEffects('roles', 100, 1000);
    expect(claimed.map(({ effect }) => effect.userId).sort()).toEqual([alice, bob]);
  });
});

describe('the current version', () => {
  test('setting it publishes the release, and says how many recent clients will be denied', async () => {
    const { services, product, issue, check, clock } = await open();
    const setVersion = (version: string) => services.products.setVersion({ ...by(), productId: product.id, version });
    valueOf(await setVersion('1.0'));
    const [old, recent, another] = [await issue(), await issue(), await issue()];
    await check({ key: old.key, version: '1.0' });
    clock.advance(25 * 3_600_000);
    await check({ key: recent.key, version: '1.0' });
    await check({ key: another.key, version: '1.0' });
    const preview = { productId: product.id, version: '2.0', versionPolicy: 'exact' } as const;
    expect(valueOf(await services.products.previewVersion('g1', preview))).toEqual({ deniedClients: 2 });
    const lenient = { ...preview, versionPolicy: 'released' } as const;
    expect(valueOf(await services.products.previewVersion('g1', lenient))).toEqual({ deniedClients: 0 });
    const changed = valueOf(await setVersion('2.0'));
    expect(changed.deniedClients).toBe(2);
    expect(changed.product.releases.map(({ version }) => version)).toEqual(['1.0', '2.0']);
    expect(await check({ key: recent.key, version: '1.0' })).toMatchObject({ denial: 'version-mismatch' });
  });

  test.each([
    ['version-invalid', { version: 'a b' }],
    ['nothing-to-change', { version: null }],
    ['product-not-found', { productId: 999, version: '1' }],
  ])('is refused with %s for %j', async (code, own) => {
    const { services, product } = await open();
    expect(codeOf(await services.products.setVersion({ ...by(), productId: product.id, ...own }))).toBe(code);
  });

  test('a preview of a missing product or of no version fails', async () => {
    const { services, product } = await open();
    const preview = { productId: product.id, version: 'a b', versionPolicy: 'exact' } as const;
    expect(codeOf(await services.products.previewVersion('g1', preview))).toBe('version-invalid');
    const missing = { ...preview, productId: 999 };
    expect(codeOf(await services.products.previewVersion('g1', missing))).toBe('product-not-found');
  });
});

describe('releases', () => {
  test('are added and archived without moving the current version', async () => {
    const { services, product, auditActions } = await open();
    const release = { ...by(), productId: product.id, version: '3.0', branch: 'beta' };
    const added = valueOf(await services.products.addRelease({ ...release, status: 'published' }));
    expect(added).toMatchObject({ release: { version: '3.0', branch: 'beta' }, product: { version: null } });
    const archived = valueOf(await services.products.archiveRelease(release));
    expect(archived).toMatchObject({
      release: { status: 'archived' },
      heir: null,
      product: { releases: [{ status: 'archived' }] },
    });
    expect(await auditActions(`product:${product.id}`)).toEqual([
      'release.archived',
      'release.added',
      'product.created',
    ]);
  });

  test('a published one is the latest of its branch unless asked otherwise, and leaves that to the newest published', async () => {
    const { services, product, storage } = await open();
    const add = async (version: string, own: { branch?: string; latest?: boolean; status?: 'draft' } = {}) =>
      valueOf(
        await services.products.addRelease({
          ...{ ...by(), productId: product.id, version, branch: null, status: 'published' },
          ...own,
        }),
      );
    const latest = async () =>
      (await storage.bundle('g1'))?.products
        .byId(product.id)
        ?.releases.filter((release) => release.latest)
        .map(({ version, branch }) => `${branch ?? 'default'}: ${version}`)
        .sort();
    const archive = (version: string) =>
      services.products.archiveRelease({ ...by(), productId: product.id, version, branch: null });
    await add('1');
    await add('9', { branch: 'beta' });
    await add('2');
    await add('3', { latest: false });
    await add('4', { status: 'draft' });
    expect(await latest()).toEqual(['beta: 9', 'default: 2']);
    expect(valueOf(await archive('1')).heir).toBeNull();
    expect(valueOf(await archive('2'))).toMatchObject({ release: { latest: false }, heir: { version: '3' } });
    expect(await latest()).toEqual(['beta: 9', 'default: 3']);
    // The current version is published on the default branch where it is missing, and is the latest then.
    valueOf(await services.products.setVersion({ ...by(), productId: product.id, version: '5' }));
    expect(await latest()).toEqual(['beta: 9', 'default: 5']);
    // Staff may send updaters back to an older one.
    const mark = (version: string) =>
      services.products.markLatest({ ...by(), productId: product.id, version, branch: null });
    expect(valueOf(await mark('3')).release).toMatchObject({ version: '3', latest: true });
    expect(await latest()).toEqual(['beta: 9', 'default: 3']);
    expect([codeOf(await mark('3')), codeOf(await mark('4')), codeOf(await mark('7'))]).toEqual([
      'nothing-to-change',
      'latest-unpublished',
      'release-not-found',
    ]);
    const [event] = await storage.audit('g1', { action: 'release.latest' }, { limit: 1, beforeId: null });
    expect(event?.details).toEqual({ branch: null, version: { before: '5', after: '3' } });
    const draft = {
      ...by(),
      productId: product.id,
      version: '6',
      branch: null,
      status: 'draft',
      latest: true,
    } as const;
    expect(codeOf(await services.products.addRelease(draft))).toBe('latest-unpublished');
  });

  test('fail where they exist, are missing or archived, or have names that clients cannot send', async () => {
    const { services, product } = await open();
    const release = { ...by(), productId: product.id, version: '3.0', branch: null };
    const add = (own: object) => services.products.addRelease({ ...release, status: 'published', ...own });
    valueOf(await add({}));
    expect(codeOf(await add({}))).toBe('release-exists');
    expect(codeOf(await add({ version: ' ' }))).toBe('version-invalid');
    expect(codeOf(await add({ branch: 'x' }))).toBe('branch-invalid');
    expect(codeOf(await add({ productId: 999 }))).toBe('product-not-found');
    expect(codeOf(await services.products.archiveRelease({ ...release, branch: 'beta' }))).toBe('release-not-found');
    valueOf(await services.products.archiveRelease(release));
    expect(codeOf(await services.products.archiveRelease(release))).toBe('nothing-to-change');
  });
});

describe('deleting a product', () => {
  test('needs its name, takes its licenses with it, and both come back', async () => {
    const { services, storage, product, issue, check, auditActions } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const removal = { ...by(), productId: product.id };
    expect(await services.products.delete({ ...removal, name: 'Panel' })).toMatchObject({
      error: { code: 'confirmation-wrong', expected: 'Vault' },
    });
    expect(valueOf(await services.products.delete({ ...removal, name: 'vault' }))).toMatchObject({
      licenses: 1,
      owners: 1,
    });
    expect(await check({ key })).toMatchObject({ denial: 'license-unknown' });
    expect(codeOf(await services.licenses.suspend({ ...by(), licenseId: license.id }))).toBe('license-deleted');
    expect(codeOf(await services.products.delete({ ...removal, name: 'Vault' }))).toBe('product-not-found');
    expect(await services.products.create({ ...by(), name: 'Vault' })).toMatchObject({
      error: { code: 'product-name-taken', deleted: true },
    });
    const roles = await storage.claimEffects('roles', 100, 1000);
    expect(roles.map(({ effect }) => effect.userId)).toEqual([alice, alice]);

    valueOf(await services.products.restore(removal));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    expect(codeOf(await services.products.restore(removal))).toBe('nothing-to-change');
    expect(await auditActions(`product:${product.id}`)).toEqual([
      'product.restored',
      'product.deleted',
      'product.created',
    ]);
  });
});

describe('ensuring a product', () => {
  test('creates it on first use, once for any number of calls, and finds it by an alias later', async () => {
    const { services, storage } = await open();
    const ensure = (name: string) => services.products.ensure({ ...by(), name });
    const made = (await Promise.all(Array.from({ length: 8 }, () => ensure('LicenseGate')))).map(valueOf);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const { id } = made[0]!;
    expect(await storage.audit('g1', { subject: `product:${id}` }, { limit: 9, beforeId: null })).toHaveLength(1);
    valueOf(await services.products.edit({ ...by(), productId: id, name: 'Gate' }));
    expect(valueOf(await ensure('licensegate')).id).toBe(id);
  });

  test('does not restore a deleted product', async () => {
    const { services } = await open();
    const { id } = valueOf(await services.products.ensure({ ...by(), name: 'LicenseGate' }));
    valueOf(await services.products.delete({ ...by(), productId: id, name: 'LicenseGate' }));
    expect(codeOf(await services.products.ensure({ ...by(), name: 'LicenseGate' }))).toBe('product-deleted');
  });
});
