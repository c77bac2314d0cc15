import { describe, expect, test } from '@jest/globals';
import { describeAuditDetails } from '../../src/discord/texts/audit-details.ts';
import { maxFurtherProducts } from '../../src/domain/license.ts';
import type { EditInput } from '../../src/services/licenses/license-service.ts';
import { roles } from '../support/license-effects.ts';
import { alice, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const panelRole = '500000000000000003';
const latestRole = '500000000000000004';

/** A guild with the products Vault, Panel and Proxy. */
async function shop() {
  const world = await open();
  const { services, storage } = world;
  const create = async (name: string, buyerRoleId: string | null = null) =>
    valueOf(await services.products.create({ ...by(), name, buyerRoleId })).product;
  const [panel, proxy] = [await create('Panel', panelRole), await create('Proxy')];
  const edit = (licenseId: number, own: Partial<EditInput>) =>
    services.licenses.edit({ ...by(), licenseId, mayManage: true, ...own });
  /** What the newest event says about products, in the words of its reader. */
  const audited = async () => {
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    return describeAuditDetails(event!, await services.records.auditNames('g1', [event!]));
  };
  const namesOf = async (id: number) => {
    const { product, furtherProducts, license } = valueOf(await services.licenses.view('g1', id));
    return [product, ...furtherProducts].map(({ name }) => name).concat(license.allProducts ? ['all'] : []);
  };
  return { ...world, panel, proxy, create, edit, audited, namesOf };
}

describe('a license of several products', () => {
  test('is issued with its products, the first of which is its main one', async () => {
    const { issue, check, namesOf, audited } = await shop();
    const { license, key } = await issue({ product: 'vault', furtherProducts: ['PANEL'] });
    expect(await namesOf(license.id)).toEqual(['Vault', 'Panel']);
    expect(await audited()).toContain('further products: **Panel**');
    for (const product of ['Vault', 'Panel']) {
      expect(await check({ key, product })).toMatchObject({ result: 'granted', product: { name: product } });
    }
    expect(await check({ key, product: 'Proxy' })).toMatchObject({ denial: 'product-mismatch' });
    const every = await issue({ product: 'Vault', allProducts: true });
    expect(await audited()).toContain('all products: yes');
    expect(await check({ key: every.key, product: 'Proxy' })).toMatchObject({ result: 'granted' });
  });

  test('is refused with a product that is unknown, named twice, or one too many', async () => {
    const { services, storage, create } = await shop();
    const issue = (...furtherProducts: string[]) =>
      services.licenses.issue({ ...by(), product: 'Vault', furtherProducts, mayManage: true });
    expect(await issue('Nothing')).toMatchObject({ error: { code: 'product-not-found', product: 'Nothing' } });
    expect(await issue('Panel', 'panel')).toMatchObject({ error: { code: 'product-twice', product: 'Panel' } });
    expect(await issue('vault')).toMatchObject({ error: { code: 'product-twice', product: 'Vault' } });
    const many = await Promise.all(Array.from({ length: maxFurtherProducts + 1 }, (_, index) => create(`P${index}`)));
    const ids = many.map(({ id }) => String(id));
    expect(await issue(...ids)).toMatchObject({ error: { code: 'too-many-products', max: 50 } });
    expect(await storage.countLicensesBy('g1', {})).toBe(0);
    expect((await issue(...ids.slice(1))).ok).toBe(true);
  });

  test('gets and loses products, and its next check knows', async () => {
    const { issue, check, edit, effects, namesOf, audited } = await shop();
    const { license, key } = await issue({ product: 'Vault', ownerId: alice });
    const added = valueOf(await edit(license.id, { addProducts: ['Panel', 'Proxy'] }));
    expect(await effects(added.effectIds)).toEqual([roles(alice)]);
    expect(await audited()).toBe('further products: none → **Panel** and **Proxy**');
    expect(await check({ key, product: 'Proxy' })).toMatchObject({ result: 'granted' });
    const removed = valueOf(await edit(license.id, { removeProducts: ['Proxy'] }));
    expect(await effects(removed.effectIds)).toEqual([roles(alice)]);
    expect(await check({ key, product: 'Proxy' })).toMatchObject({ denial: 'product-mismatch' });
    expect(await effects(valueOf(await edit(license.id, { allProducts: true })).effectIds)).toEqual([roles(alice)]);
    expect(await namesOf(license.id)).toEqual(['Vault', 'Panel', 'all']);
    expect(codeOf(await edit(license.id, { allProducts: true }))).toBe('nothing-to-change');
    valueOf(await edit(license.id, { allProducts: false }));
    expect(await namesOf(license.id)).toEqual(['Vault', 'Panel']);
  });

  test('keeps its further products when another takes the place of its main one', async () => {
    const { issue, edit, namesOf } = await shop();
    const { license } = await issue({ product: 'Vault', furtherProducts: ['Panel', 'Proxy'] });
    valueOf(await edit(license.id, { product: 'Proxy' }));
    expect(await namesOf(license.id)).toEqual(['Proxy', 'Panel']);
    valueOf(await edit(license.id, { product: 'Vault', addProducts: ['Proxy'], removeProducts: ['Panel'] }));
    expect(await namesOf(license.id)).toEqual(['Vault', 'Proxy']);
    valueOf(await edit(license.id, { product: 'Panel', removeProducts: ['Vault'] }));
    expect(await namesOf(license.id)).toEqual(['Panel', 'Proxy']);
  });

  test('is left as it is by an edit that cannot be', async () => {
    const { issue, edit, namesOf } = await shop();
    const { license } = await issue({ product: 'Vault', furtherProducts: ['Panel'] });
    expect(await edit(license.id, { removeProducts: ['Vault'] })).toMatchObject({
      error: { code: 'product-is-main', product: 'Vault' },
    });
    expect(await edit(license.id, { removeProducts: ['Proxy'] })).toMatchObject({
      error: { code: 'product-not-of-license', product: 'Proxy' },
    });
    expect(codeOf(await edit(license.id, { removeProducts: ['Nothing'] }))).toBe('product-not-found');
    expect(codeOf(await edit(license.id, { addProducts: ['Panel'] }))).toBe('product-twice');
    expect(codeOf(await edit(license.id, { name: 'New', addProducts: ['Proxy', 'Proxy'] }))).toBe('product-twice');
    expect(await namesOf(license.id)).toEqual(['Vault', 'Panel']);
  });

  test('of one order is asked about for each of its products', async () => {
    const { issue, services } = await shop();
    const { license } = await issue({ product: 'Vault', furtherProducts: ['Panel'], order: 'R-1' });
    const again = (product: string, further: string[] = []) =>
      services.licenses.issue({ ...by(), product, furtherProducts: further, order: 'R-1', mayManage: true });
    const asked = { error: { code: 'duplicate-order', licenseId: license.id } };
    expect(await again('Panel')).toMatchObject(asked);
    expect(await again('Proxy', ['Panel'])).toMatchObject(asked);
    expect((await again('Proxy')).ok).toBe(true);
  });
});

describe('deleting a product that others include', () => {
  test('takes only it from those, and they get it back', async () => {
    const { services, storage, issue, check, panel, namesOf, edit, audited } = await shop();
    const own = await issue({ product: 'Panel', ownerId: alice });
    const including = await issue({ product: 'Vault', furtherProducts: ['Panel'], ownerId: '200000000000000009' });
    const removal = { ...by(), productId: panel.id, name: 'Panel' };
    const counts = { licenses: 1, owners: 1, further: 1 };
    expect(valueOf(await services.products.info('g1', panel.id))).toMatchObject(counts);
    expect(valueOf(await services.products.delete(removal))).toMatchObject(counts);
    expect(await audited()).toBe('licenses: 1, owners: 1, taken from: 1 other license');
    expect(await check({ key: own.key, product: 'Panel' })).toMatchObject({ denial: 'license-unknown' });
    expect(await check({ key: including.key, product: 'Vault' })).toMatchObject({ result: 'granted' });
    expect(await namesOf(including.license.id)).toEqual(['Vault']);
    const refreshed = (await storage.claimEffects('roles', 100, 1000)).map(({ effect }) => effect.userId);
    expect(new Set(refreshed)).toEqual(new Set([alice, '200000000000000009']));
    expect(await services.members.earnedRoles('g1', '200000000000000009')).toEqual([]);

    valueOf(await services.products.restore(removal));
    expect(await namesOf(including.license.id)).toEqual(['Vault', 'Panel']);
    expect(await check({ key: including.key, product: 'Panel' })).toMatchObject({ result: 'granted' });
    valueOf(await services.products.delete(removal));
    valueOf(await edit(including.license.id, { removeProducts: ['panel'] }));
    valueOf(await services.products.restore(removal));
    expect(await namesOf(including.license.id)).toEqual(['Vault']);
  });
});

describe('roles', () => {
  test('of further products are earned, and of all products those of every one', async () => {
    const { services, storage, issue, edit, create } = await shop();
    const earned = () => services.members.earnedRoles('g1', alice);
    const { license } = await issue({ product: 'Vault', ownerId: alice });
    expect(await earned()).toEqual([]);
    valueOf(await edit(license.id, { addProducts: ['Panel'] }));
    expect(await earned()).toEqual([panelRole]);
    valueOf(await edit(license.id, { removeProducts: ['Panel'], allProducts: true }));
    expect(await earned()).toEqual([panelRole]);
    await storage.claimEffects('roles', 100, 1000);
    await create('Latest', latestRole);
    expect((await earned()).toSorted()).toEqual([panelRole, latestRole]);
    expect(await storage.claimEffects('roles', 100, 1000)).toMatchObject([{ effect: { userId: alice } }]);
  });

  test('are corrected of everybody whose license is for the product whose role changes', async () => {
    const { services, storage, issue, proxy } = await shop();
    await issue({ product: 'Vault', furtherProducts: ['Proxy'], ownerId: alice });
    await storage.claimEffects('roles', 100, 1000);
    valueOf(await services.products.edit({ ...by(), productId: proxy.id, buyerRoleId: latestRole }));
    expect(await storage.claimEffects('roles', 100, 1000)).toMatchObject([{ effect: { userId: alice } }]);
  });
});

describe('the last denial', () => {
  test('of another product names those that the license is for, and adding it resolves it', async () => {
    const { services, issue, check, edit } = await shop();
    const { license, key } = await issue({ product: 'Vault', furtherProducts: ['Panel'] });
    await check({ key, product: 'Proxy' });
    const remedy = async () => valueOf(await services.licenses.card('g1', license.id)).lastDenial?.remedy;
    expect(await remedy()).toEqual({
      type: 'right-product',
      asked: 'Proxy',
      products: [{ name: 'Vault' }, { name: 'Panel' }],
    });
    valueOf(await edit(license.id, { addProducts: ['Proxy'] }));
    expect(await remedy()).toEqual({ type: 'resolved' });
  });

  test('of a wrong version names the version of the product that was asked for', async () => {
    const { services, issue, check, panel } = await shop();
    valueOf(await services.products.setVersion({ ...by(), productId: panel.id, version: '3.0' }));
    const { license, key } = await issue({ product: 'Vault', furtherProducts: ['Panel'] });
    await check({ key, product: 'Panel', version: '2.0' });
    const { lastDenial } = valueOf(await services.licenses.card('g1', license.id));
    expect(lastDenial?.remedy).toEqual({ type: 'right-version', asked: '2.0', current: '3.0' });
  });
});
