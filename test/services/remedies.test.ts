import { describe, expect, test } from '@jest/globals';
import type { Protocol } from '../../src/domain/attempt.ts';
import type { CheckDefinition } from '../../src/domain/check.ts';
import type { CheckRequest } from '../../src/domain/check-request.ts';
import type { Denial } from '../../src/domain/denial.ts';
import { definition as faxstore } from '../../src/http/protocols/faxstore/definition.ts';
import { definition as licensegate } from '../../src/http/protocols/licensegate/definition.ts';
import { definition as lukittu } from '../../src/http/protocols/lukittu/definition.ts';
import { definition as sunlicense } from '../../src/http/protocols/sunlicense/definition.ts';
import { definition as tki } from '../../src/http/protocols/tki/definition.ts';
import type { IssueInput } from '../../src/services/licenses/license-service.ts';
import { describeLastDenial } from '../../src/discord/texts/denial-card.ts';
import { deny } from '../support/grants.ts';
import { alice, by, resultOf, useServices, valueOf } from '../support/open-services.ts';
import { aRequest, secretOf } from '../support/storage-fixtures.ts';

const definitions: Readonly<Record<Protocol, CheckDefinition>> = { tki, faxstore, sunlicense, lukittu, licensegate };
const declaredIp = '198.51.100.7';
const observedIp = '203.0.113.5';

const open = useServices();

/** A license of `Vault`, for which there is another product, `Panel`, and requests as each protocol makes them. */
async function openShop(own: Partial<IssueInput> = {}) {
  const world = await open();
  const { services, product } = world;
  const panel = valueOf(await services.products.create({ ...by(), name: 'Panel' })).product;
  const { key, license } = await world.issue({ product: 'Vault', ownerId: alice, ...own });
  const byId = (id: number) => ({ guildReference: { by: 'product', productIds: [id] }, product: String(id) }) as const;
  const asked = { Vault: product, Panel: panel };
  const naming: Readonly<Record<Protocol, (name: keyof typeof asked) => Partial<CheckRequest>>> = {
    tki: (name) => ({ guildReference: { by: 'api-key', secret: secretOf('g1') }, product: name, declaredIp }),
    faxstore: (name) => byId(asked[name].id),
    sunlicense: (name) => ({ ...byId(asked[name].id), declaredIp, mac: 'aa:bb' }),
    lukittu: (name) => ({ guildReference: { by: 'team', teamId: 'team-g1' }, product: asked[name].uuid }),
    licensegate: () => ({ guildReference: { by: 'user', userId: 'user-g1' }, product: null }),
  };
  const target = { ...by(), licenseId: license.id };
  return {
    ...world,
    panel,
    key,
    license,
    target,
    set: (patch: object) => services.settings.patch({ ...by(), patch }),
    edit: (change: object) => services.licenses.edit({ ...target, mayManage: true, ...change }),
    addRelease: (version: string, branch: string | null, status: 'published' | 'draft' = 'published') =>
      services.products.addRelease({ ...by(), productId: product.id, version, branch, status }),
    check: async (protocol: Protocol, change: Partial<CheckRequest> = {}, name: keyof typeof asked = 'Vault') => {
      const common = { key, observedIp, hwid: 'pc', version: '1', country: 'DEU', protocol };
      const request = aRequest({ ...common, ...naming[protocol](name), ...change });
      return resultOf(await services.checkLicense(definitions[protocol], request));
    },
    lastDenial: async () => valueOf(await services.licenses.card('g1', license.id)).lastDenial,
  };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

/** How a check comes to be denied, and what staff do about it. */
interface Scenario {
  readonly issue?: Partial<IssueInput>;
  readonly before?: (shop: Shop, protocol: Protocol) => Promise<unknown>;
  readonly request?: Partial<CheckRequest>;
  readonly product?: 'Panel';
  readonly fix: (shop: Shop) => Promise<unknown>;
}

const elsewhere = { observedIp: '203.0.113.99', declaredIp: '198.51.100.99', hwid: 'other', mac: 'other' };

function full(kind: 'ip' | 'hwid' | 'mac'): Scenario {
  return {
    issue: { limits: { [kind]: '1' } },
    before: ({ check }, protocol) => {
      const { declaredIp: declared, ...others } = elsewhere;
      return check(
        protocol,
        protocol === 'tki' || protocol === 'sunlicense' ? { ...others, declaredIp: declared } : others,
      );
    },
    fix: ({ services, target }) => services.licenses.reset({ ...target, what: kind }),
  };
}

/** As `full`, but the newest machine wins from now on. */
function replaced(kind: 'ip' | 'hwid' | 'mac'): Scenario {
  return { ...full(kind), fix: ({ set }) => set({ 'limits.onFull': 'replace-oldest' }) };
}

function listed(type: 'ip' | 'hwid' | 'country' | 'user', value: string): Scenario {
  return {
    before: ({ services }) => services.blacklist.add({ ...by(), type, value }),
    fix: async ({ services }) => {
      const [entry] = await services.blacklist.list('g1', null, { limit: 1, beforeId: null });
      return services.blacklist.remove({ ...by(), id: entry!.id });
    },
  };
}

const productDeleted: Scenario = {
  before: ({ services, product }) => services.products.delete({ ...by(), productId: product.id, name: 'Vault' }),
  fix: ({ services, product }) => services.products.restore({ ...by(), productId: product.id }),
};

const toPanel = ({ edit }: Shop) => edit({ product: 'Panel' });

const scenarios: Partial<Record<Denial, readonly Scenario[]>> = {
  'ip-limit': [full('ip'), replaced('ip')],
  'hwid-limit': [full('hwid'), replaced('hwid')],
  'mac-limit': [full('mac'), replaced('mac')],
  'ip-blacklisted': [listed('ip', observedIp)],
  'hwid-blacklisted': [listed('hwid', 'PC')],
  'country-blacklisted': [listed('country', 'de')],
  'user-blacklisted': [listed('user', alice)],
  suspended: [
    {
      before: ({ services, target }) => services.licenses.suspend(target),
      fix: ({ services, target }) => services.licenses.resume(target),
    },
  ],
  'switched-off': [
    {
      before: ({ services, target }) => services.licenses.switch({ ...target, on: false }),
      fix: ({ services, target }) => services.licenses.switch({ ...target, on: true }),
    },
  ],
  expired: [
    {
      issue: { expires: new Date('2026-01-01T00:00:00Z') },
      fix: ({ services, target }) => services.licenses.extend({ ...target, term: '30d' }),
    },
  ],
  'license-unknown': [productDeleted],
  'product-unknown': [
    {
      product: 'Panel',
      before: ({ services, panel }) => services.products.delete({ ...by(), productId: panel.id, name: 'Panel' }),
      fix: async (shop) => {
        await shop.services.products.restore({ ...by(), productId: shop.panel.id });
        return toPanel(shop);
      },
    },
  ],
  'product-mismatch': [{ product: 'Panel', fix: toPanel }],
  'version-mismatch': [
    {
      before: async ({ services, product, addRelease }, protocol) =>
        protocol === 'lukittu'
          ? addRelease('2', null)
          : services.products.setVersion({ ...by(), productId: product.id, version: '2' }),
      fix: async ({ services, product, addRelease }) => {
        await addRelease('1', null);
        return services.products.setVersion({ ...by(), productId: product.id, version: '1' });
      },
    },
  ],
  'branch-unknown': [{ request: { branch: 'beta' }, fix: ({ addRelease }) => addRelease('1', 'beta') }],
  'branch-empty': [
    {
      request: { branch: 'beta', version: '3' },
      before: ({ addRelease }) => addRelease('2', 'beta', 'draft'),
      fix: ({ addRelease }) => addRelease('3', 'beta'),
    },
  ],
  'scope-mismatch': [
    { issue: { scope: 'pro' }, request: { scope: 'free' }, fix: ({ edit }) => edit({ scope: 'free' }) },
  ],
  'points-spent': [{ issue: { points: { left: 0 } }, fix: ({ edit }) => edit({ points: { left: 5 } }) }],
};

/** Only the client can end the first two. The entry for a key is looked up by the store: see license-view.test.ts. */
const onlyTheClientCan: readonly Denial[] = ['malformed', 'customer-mismatch', 'key-blacklisted'];

/** Where the product is looked for before the license. */
const productFirst = { 'product-unknown': [productDeleted], 'license-unknown': [] };

const lukittuOnly: Partial<Record<Denial, readonly Scenario[]>> = {
  'product-mismatch': [
    {
      request: { product: null },
      before: ({ set }) => set({ 'lukittu.strictProducts': true }),
      fix: ({ set }) => set({ 'lukittu.strictProducts': false }),
    },
  ],
  'version-mismatch': [
    {
      request: { version: null },
      before: async ({ set, addRelease }) => {
        await addRelease('1', null);
        return set({ 'lukittu.strictReleases': true });
      },
      fix: ({ set }) => set({ 'lukittu.strictReleases': false }),
    },
    {
      request: { branch: 'beta' },
      before: async ({ addRelease }) => {
        await addRelease('1', null);
        return addRelease('2', 'beta');
      },
      fix: ({ addRelease }) => addRelease('1', 'beta'),
    },
  ],
};

const ownScenarios: Partial<Record<Protocol, Partial<Record<Denial, readonly Scenario[]>>>> = {
  faxstore: productFirst,
  sunlicense: productFirst,
  lukittu: lukittuOnly,
};

const cases = Object.values(definitions).flatMap(({ protocol, rules }) => {
  const own = ownScenarios[protocol] ?? {};
  const denials = [...new Set(rules.map(({ denial }) => denial))].filter((one) => !onlyTheClientCan.includes(one));
  return denials.flatMap((denial) =>
    own[denial]?.length === 0
      ? []
      : [...(scenarios[denial] ?? [undefined]), ...(own[denial] ?? [])].map((scenario, index) => ({
          ...{ protocol, denial, index, scenario },
        })),
  );
});

describe('the remedy for a denial is that of the rule that denied', () => {
  test.each(cases)('$protocol, $denial $index', async ({ protocol, denial, scenario }) => {
    if (!scenario) throw new Error('This denial has no scenario here.');
    const shop = await openShop(scenario.issue);
    await scenario.before?.(shop, protocol);
    const check = () => shop.check(protocol, scenario.request, scenario.product);

    expect(await check()).toBe(denial);
    const denied = await shop.lastDenial();
    // Nothing was changed, so the next check is denied as well, and the cause is not gone.
    expect(denied?.remedy.type).not.toBe('resolved');
    expect(await check()).toBe(denial);

    await scenario.fix(shop);
    expect((await shop.lastDenial())?.remedy.type).toBe('resolved');
    expect(await check()).toBe('granted');
  });
});

test('a license that is deleted with its product comes back with it', async () => {
  const shop = await openShop();
  await productDeleted.before!(shop, 'tki');
  await shop.check('tki');
  expect((await shop.lastDenial())?.remedy).toEqual({ type: 'restore-product' });
});

describe('the new address of a known HWID', () => {
  test('is let in by the mode, and that of a new one is not', async () => {
    const shop = await openShop({ limits: { ip: '1' } });
    await shop.check('lukittu');
    expect(await shop.check('lukittu', { observedIp: '203.0.113.6' })).toBe('ip-limit');
    expect((await shop.lastDenial())?.remedy.type).toBe('release');

    await shop.set({ 'limits.ipMode': 'follow-hwid' });
    expect((await shop.lastDenial())?.remedy.type).toBe('resolved');
    expect(await shop.check('lukittu', { observedIp: '203.0.113.7', hwid: 'another' })).toBe('ip-limit');
    expect((await shop.lastDenial())?.remedy.type).toBe('release');
    expect(await shop.check('lukittu', { observedIp: '203.0.113.6' })).toBe('granted');
  });
});

describe('the address of a client whose IP was one too many', () => {
  test.each([
    ['tki', true, declaredIp],
    ['faxstore', true, observedIp],
    ['lukittu', true, observedIp],
    ['licensegate', true, observedIp],
    ['sunlicense', true, declaredIp],
    ['sunlicense', false, observedIp],
  ] as const)('%s, declared ones accepted: %s', async (protocol, isAccepted, counted) => {
    const shop = await openShop({ limits: { ip: '1' } });
    await shop.set({ 'sunlicense.acceptDeclaredIp': isAccepted });
    await scenarios['ip-limit']![0]!.before!(shop, protocol);
    expect(await shop.check(protocol)).toBe('ip-limit');

    const denied = await shop.lastDenial();
    expect(denied?.remedy).toMatchObject({ type: 'release', kind: 'ip', value: counted });
    for (const reader of ['staff', 'owner'] as const)
      expect(describeLastDenial(denied!, reader).startsWith(`\`${counted}\` was refused`)).toBe(true);

    await shop.edit({ limits: { ip: '0' } });
    expect(describeLastDenial((await shop.lastDenial())!, 'staff')).toMatch(new RegExp(`^\`${counted}\` was refused`));
  });

  test.each([
    [true, declaredIp],
    [false, observedIp],
  ])('is the one that the setting says where an older attempt does not: %s', async (isAccepted, counted) => {
    const shop = await openShop({ limits: { ip: '0' } });
    await shop.set({ 'sunlicense.acceptDeclaredIp': isAccepted });
    await deny(
      shop.storage,
      { key: shop.key, declaredIp },
      { result: 'ip-limit', protocol: 'sunlicense', countedIp: null },
    );
    expect((await shop.lastDenial())?.remedy).toMatchObject({ type: 'raise-limit', value: counted });
  });
});
