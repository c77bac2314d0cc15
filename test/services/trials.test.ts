import { describe, expect, test } from '@jest/globals';
import { keysTo, roles } from '../support/license-effects.ts';
import { alice, bob, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const dayMs = 86_400_000;

/** A shop whose only product has these terms. */
async function shopWith(terms: object) {
  const shop = await open();
  const [product] = await shop.services.products.list('g1');
  valueOf(await shop.services.products.edit({ ...by(), productId: product!.id, ...terms }));
  return { ...shop, product: product! };
}

describe('a trial', () => {
  test('is a license of that term for the member, whose key and roles follow, and there is one', async () => {
    const { services, storage, clock, effects, product, auditActions } = await shopWith({ trial: '12h' });
    const input = { guildId: 'g1', userId: alice, product: null };
    const started = valueOf(await services.buyers.startTrial(input));
    expect(started.license).toMatchObject({ ownerId: alice, productId: product.id, createdBy: `user:${alice}` });
    expect(started.license.expiresAt).toEqual(new Date(clock.now().getTime() + dayMs / 2));
    expect(await effects(started.effectIds)).toEqual([keysTo(alice, 'issued', started.license.id), roles(alice)]);
    expect(await auditActions(`license:${started.license.id}`)).toEqual(['license.issued']);
    expect(codeOf(await services.buyers.startTrial(input))).toBe('trial-used');
    valueOf(await services.buyers.startTrial({ ...input, userId: bob }));
    expect(await storage.countLicensesBy('g1', {})).toBe(2);
  });

  test('is for those who are not blacklisted, and of products that have one', async () => {
    const { services, product } = await shopWith({ trial: '7d' });
    const input = { guildId: 'g1', userId: alice, product: product.name };
    valueOf(await services.blacklist.add({ ...by(), type: 'user', value: alice, confirmed: true }));
    expect(codeOf(await services.buyers.startTrial(input))).toBe('user-blacklisted');
    valueOf(await services.products.edit({ ...by(), productId: product.id, trial: null }));
    expect(codeOf(await services.buyers.startTrial({ ...input, userId: bob }))).toBe('trial-not-offered');
    expect(codeOf(await services.buyers.startTrial({ ...input, product: 'Other' }))).toBe('product-not-found');
  });
});

describe('the term of a product', () => {
  test('is the end of licenses that are issued without one', async () => {
    const { issue } = await shopWith({ term: ' 30D@activation ' });
    const { license } = await issue();
    expect(license.expiry).toEqual({ type: 'duration', start: 'activation', days: 30 });
    const own = await issue({ expires: 'never' });
    expect(own.license.expiry).toEqual({ type: 'never' });
  });

  test.each([
    [{ term: 'soon' }, 'invalid-expiry'],
    [{ term: '2001-01-01' }, 'invalid-expiry'],
    [{ trial: '-7d' }, 'invalid-expiry'],
    [{ trial: '30d@activation' }, 'invalid-expiry'],
    [{ graceDays: 366 }, 'invalid-grace'],
    [{ graceDays: 0.5 }, 'invalid-grace'],
  ])('%j is rejected', async (terms, code) => {
    const { services } = await open();
    const [product] = await services.products.list('g1');
    expect(codeOf(await services.products.edit({ ...by(), productId: product!.id, ...terms }))).toBe(code);
  });
});

describe('the days of grace after the end', () => {
  test('let checks pass and keep the roles, and then they do not', async () => {
    const { services, clock, issue, check, product } = await shopWith({
      graceDays: 3,
      buyerRoleId: '400000000000000001',
    });
    const { key, license } = await issue({ ownerId: alice, expires: '1d' });
    const state = async () => {
      const view = valueOf(await services.licenses.view('g1', license.id));
      return { state: view.state, graceUntil: view.graceUntil };
    };
    expect(await state()).toEqual({ state: 'active', graceUntil: null });
    clock.advance(dayMs);
    const graceUntil = new Date(clock.now().getTime() + 3 * dayMs);
    expect(await state()).toEqual({ state: 'expired', graceUntil });
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    expect(await services.members.earnedRoles('g1', alice)).toEqual(['400000000000000001']);
    clock.advance(3 * dayMs - 1);
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    clock.advance(1);
    expect(await check({ key })).toMatchObject({ denial: 'expired' });
    expect(await state()).toEqual({ state: 'expired', graceUntil: null });
    expect(await services.members.earnedRoles('g1', alice)).toEqual([]);
    valueOf(await services.products.edit({ ...by(), productId: product.id, graceDays: 4 }));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
  });
});
