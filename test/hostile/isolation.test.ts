import { expect, test } from '@jest/globals';
import type { GuildReference } from '../../src/domain/check-request.ts';
import type { CommandErrorCode } from '../../src/domain/command-error.ts';
import type { Services } from '../../src/services/services.ts';
import { alice, bob, by, staffMember, useServices, valueOf } from '../support/open-services.ts';
import { secretOf } from '../support/storage-fixtures.ts';

const open = useServices();
const page = { limit: 100, beforeId: null };
/** Stands in everything of the other guild that can hold a text. */
const mark = 'of-the-other-guild';
const theirUuid = '22222222-2222-4222-8222-222222222222';

/** Guild `g1`, whose staff and API key attack, and guild `g2`, which has one of everything. */
async function twoGuilds() {
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
  const guildReference: GuildReference = { by: 'api-key', secret: secretOf('g2') };
  await check({ guildReference, key: foreign.key, product: product.name, version: '1', hwid: mark, userAgent: mark });
  return { ...world, own, product, gone, foreign, deleted, unclaimed, apiKey, entry };
}
type World = Awaited<ReturnType<typeof twoGuilds>>;

/** Everything that the other guild has. */
async function stateOf({ storage, foreign, deleted, unclaimed }: World): Promise<unknown> {
  const licenses = [foreign, deleted, unclaimed].map(({ license: { id } }) => id);
  return {
    bundle: (await storage.guilds()).find(({ id }) => id === 'g2'),
    settings: (await storage.bundle('g2'))?.settings,
    products: [...((await storage.bundle('g2'))?.products.all() ?? []), ...(await storage.deletedProducts('g2'))],
    licenses: await Promise.all(licenses.map((id) => storage.license('g2', { id }))),
    bindings: await Promise.all(licenses.map((id) => storage.bindings('g2', id, 100))),
    keys: await Promise.all(licenses.map((id) => storage.licenseKey('g2', id))),
    customer: await storage.customerId('g2', bob),
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

type Cell = (world: World) => Promise<unknown>;
interface Row {
  /** What somebody of guild `g1` tries with things of `g2`. */
  readonly tries: readonly Cell[];
  /** How each is refused; left out: it answers something, in which nothing of the other guild is. */
  readonly refused?: CommandErrorCode;
}

const g1 = by('g1');
const license = ({ foreign }: World) => ({ ...g1, licenseId: foreign.license.id });
const deletedLicense = ({ deleted }: World) => ({ ...g1, licenseId: deleted.license.id });
const product = (world: World) => ({ ...g1, productId: world.product.id });
const release = (world: World) => ({ ...product(world), version: '2', branch: null });
const theirs = ({ foreign }: World) => ({ userId: alice, licenseId: foreign.license.id });
const notFound = 'license-not-found';
const noProduct = 'product-not-found';

const onLicense = (
  act: (services: Services['licenses'], target: ReturnType<typeof license>) => Promise<unknown>,
): Row => ({
  refused: notFound,
  tries: [
    (world) => act(world.services.licenses, license(world)),
    (world) => act(world.services.licenses, deletedLicense(world)),
  ],
});
const onProduct = (act: (services: Services['products'], world: World) => Promise<unknown>): Row => ({
  refused: noProduct,
  tries: [
    (world) => act(world.services.products, world),
    (world) => act(world.services.products, { ...world, product: world.gone }),
  ],
});
/** Typed texts that could mean something of the other guild. */
const typed = ({ foreign, unclaimed, deleted, product: { id, uuid, name }, gone }: World): readonly string[] => [
  ...[foreign, unclaimed, deleted].flatMap(({ key, license: own }) => [
    key,
    `key:${key}`,
    String(own.id),
    own.keySuffix,
  ]),
  ...[mark, bob, `<@${bob}>`, `hwid-${mark}`, String(id), uuid, name, gone.uuid, gone.name],
];
/** A refusal may repeat what was typed, and nothing else. */
const eachTyped = (act: (services: Services, text: string) => Promise<unknown>): Row => ({
  tries: [
    async (world) => {
      const answers: string[] = [];
      for (const text of typed(world)) {
        answers.push(JSON.stringify(await act(world.services, text)).replaceAll(JSON.stringify(text), 'typed'));
      }
      return answers;
    },
  ],
});

/** One row for every use case; those that are of no guild say why. */
const matrix: Readonly<Record<string, Row | { readonly ofNoGuild: string }>> = {
  checkLicense: {
    tries: [
      ({ check, foreign }) => check({ key: foreign.key }).then(withoutGuildOne),
      ({ check, foreign, product: { name } }) =>
        check({ key: foreign.key, product: name, version: '1' }).then(withoutGuildOne),
      ({ check, unclaimed }) => check({ key: unclaimed.key }).then(withoutGuildOne),
    ],
  },

  signChallenge: { ofNoGuild: 'it signs for the guild that a check found' },

  'guilds.add': { ofNoGuild: 'the operator at the command line makes any guild' },
  'guilds.ensure': { ofNoGuild: 'the bot calls it with the guild that Discord names' },
  'guilds.find': { ofNoGuild: 'the operator at the command line names any guild' },
  'guilds.list': { ofNoGuild: 'the operator at the command line lists all guilds' },
  'guilds.rename': { ofNoGuild: 'the guild is its only id' },
  'guilds.delete': { ofNoGuild: 'the guild is its only id' },
  'guilds.quickstart': { ofNoGuild: 'it has a guild of its own' },

  'settings.view': { tries: [({ services }) => services.settings.view('g1')] },
  'settings.set': { tries: [({ services }) => services.settings.set({ ...g1, key: 'limits.ip', value: '9' })] },
  'settings.patch': { tries: [({ services }) => services.settings.patch({ ...g1, patch: { 'limits.ip': 9 } })] },

  'integrations.make': eachTyped(({ integrations }, text) =>
    integrations.make({ guildId: 'g1', product: text, language: 'python', system: null }),
  ),
  'products.find': eachTyped(({ products }, text) => products.find('g1', text)),
  'products.findDeleted': eachTyped(({ products }, text) => products.findDeleted('g1', text)),
  'products.list': { tries: [({ services }) => services.products.list('g1')] },
  'products.info': onProduct((products, world) => products.info('g1', world.product.id)),
  'products.ensure': {
    tries: [
      async ({ services, product: { id, name } }) => {
        const made = valueOf(await services.products.ensure({ ...g1, name }));
        expect(made).toMatchObject({ guildId: 'g1' });
        expect(made.id).not.toBe(id);
      },
    ],
  },
  'products.create': {
    refused: 'product-id-taken',
    tries: [({ services, product: { id } }) => services.products.create({ ...g1, name: 'Mine', id })],
  },
  'products.edit': onProduct((products, world) => products.edit({ ...product(world), name: 'Mine' })),
  'products.delete': onProduct((products, world) => products.delete({ ...product(world), name: world.product.name })),
  'products.restore': onProduct((products, world) => products.restore(product(world))),
  'products.setVersion': onProduct((products, world) => products.setVersion({ ...product(world), version: '9' })),
  'products.previewVersion': onProduct((products, world) =>
    products.previewVersion('g1', { productId: world.product.id, version: '9', versionPolicy: 'exact' }),
  ),
  'products.addRelease': onProduct((products, world) =>
    products.addRelease({ ...release(world), status: 'published' }),
  ),
  'products.archiveRelease': onProduct((products, world) =>
    products.archiveRelease({ ...release(world), version: '1' }),
  ),

  'licenses.issue': {
    refused: noProduct,
    tries: [
      ({ services, product: { id } }) => services.licenses.issue({ ...g1, product: String(id), mayManage: true }),
      ({ services, product: { uuid } }) => services.licenses.issue({ ...g1, product: uuid, mayManage: true }),
      ({ services, product: { name } }) => services.licenses.issue({ ...g1, product: name, mayManage: true }),
    ],
  },
  'licenses.edit': onLicense((licenses, target) => licenses.edit({ ...target, mayManage: true, note: 'mine' })),
  'licenses.extend': onLicense((licenses, target) => licenses.extend({ ...target, term: '30d' })),
  'licenses.suspend': onLicense((licenses, target) => licenses.suspend(target)),
  'licenses.resume': onLicense((licenses, target) => licenses.resume(target)),
  'licenses.switch': onLicense((licenses, target) => licenses.switch({ ...target, on: false })),
  'licenses.reset': onLicense((licenses, target) => licenses.reset({ ...target, what: 'all' })),
  'licenses.undoReset': {
    refused: notFound,
    tries: [(world) => world.services.licenses.undoReset({ ...license(world), at: world.clock.now() })],
  },
  'licenses.reassign': onLicense((licenses, target) => licenses.reassign({ ...target, ownerId: alice, newKey: true })),
  'licenses.rekey': onLicense((licenses, target) => licenses.rekey(target)),
  'licenses.resend': onLicense((licenses, target) => licenses.resend(target)),
  'licenses.reveal': onLicense((licenses, target) => licenses.reveal(target)),
  'licenses.revealAll': {
    tries: [
      async ({ services, foreign, deleted, own }) => {
        const licenseIds = [foreign, deleted].map(({ license: { id } }) => id);
        const keys = await services.licenses.revealAll({ ...g1, licenseIds: [...licenseIds, own.id] });
        expect([...keys.keys()]).toEqual([own.id]);
      },
    ],
  },
  'licenses.delete': onLicense((licenses, target) => licenses.delete(target)),
  'licenses.restore': onLicense((licenses, target) => licenses.restore(target)),
  'licenses.resolve': eachTyped(({ licenses }, text) => licenses.resolve('g1', text)),
  'licenses.row': {
    refused: notFound,
    tries: [
      ({ services, foreign }) => services.licenses.row('g1', { id: foreign.license.id }),
      ({ services, foreign }) => services.licenses.row('g1', { key: foreign.key }),
      ({ services, deleted }) => services.licenses.row('g1', { id: deleted.license.id }),
    ],
  },
  'licenses.view': onLicense((licenses, { licenseId }) => licenses.view('g1', licenseId)),
  'licenses.card': onLicense((licenses, { licenseId }) => licenses.card('g1', licenseId)),
  'licenses.list': {
    tries: [
      ({ services }) => services.licenses.list('g1', {}, page),
      ({ services, product: { id } }) => services.licenses.list('g1', { productId: id }, page),
      ({ services }) => services.licenses.list('g1', { ownerId: bob }, page),
      ({ services }) => services.licenses.list('g1', { order: mark }, page),
      ({ services }) => services.licenses.list('g1', { text: mark }, page),
      ({ services, foreign }) => services.licenses.list('g1', { keySuffix: foreign.license.keySuffix }, page),
      ({ services }) => services.licenses.list('g1', { binding: { kind: 'hwid', value: mark } }, page),
      ({ services, foreign }) => services.licenses.list('g1', {}, { limit: 9, beforeId: foreign.license.id }),
      ({ services }) => services.licenses.list('g1', { state: 'deleted' }, page),
    ],
  },
  'licenses.count': {
    tries: [
      async ({ services, product: { id } }) => {
        const queries = [{ productId: id }, { ownerId: bob }, { order: mark }, { state: 'deleted' }] as const;
        const counts = await Promise.all(queries.map((query) => services.licenses.count('g1', query)));
        expect(counts).toEqual([0, 0, 0, 0]);
      },
    ],
  },
  'licenses.find': eachTyped(({ licenses }, text) => licenses.find('g1', text, 10)),

  'buyers.licenses': { tries: [({ services }) => services.buyers.licenses(alice, 'g2')] },
  'buyers.license': { refused: notFound, tries: [(world) => world.services.buyers.license(theirs(world))] },
  'buyers.reset': {
    refused: notFound,
    tries: [(world) => world.services.buyers.reset({ ...theirs(world), what: 'all' })],
  },
  'buyers.switch': {
    refused: notFound,
    tries: [(world) => world.services.buyers.switch({ ...theirs(world), on: false })],
  },
  'buyers.showKey': { refused: notFound, tries: [(world) => world.services.buyers.showKey(theirs(world))] },
  'buyers.checks': { refused: notFound, tries: [(world) => world.services.buyers.checks(theirs(world), 10)] },
  'buyers.redeem': {
    refused: 'wrong-key',
    tries: [
      ({ services, unclaimed }) => services.buyers.redeem({ userId: alice, key: unclaimed.key, guildId: 'g1' }),
      ({ services, foreign }) => services.buyers.redeem({ userId: alice, key: foreign.key, guildId: null }),
      ({ services, deleted }) => services.buyers.redeem({ userId: alice, key: deleted.key, guildId: null }),
    ],
  },

  'blacklist.add': {
    tries: [
      async ({ services }) => {
        const added = valueOf(await services.blacklist.add({ ...g1, type: 'user', value: bob }));
        expect(added.impact).toEqual({ licenses: 0, owners: 0 });
      },
    ],
  },
  'blacklist.preview': {
    tries: [
      async ({ services, foreign }) => {
        for (const [type, value] of [
          ['hwid', mark],
          ['user', bob],
          ['key', foreign.key],
          ['ip', '0.0.0.0/0'],
        ] as const) {
          expect(valueOf(await services.blacklist.preview('g1', type, value))).toMatchObject({ licenses: 0 });
        }
      },
    ],
  },
  'blacklist.remove': {
    refused: 'blacklist-not-found',
    tries: [({ services, entry }) => services.blacklist.remove({ ...g1, id: entry.id })],
  },
  'blacklist.find': {
    refused: 'blacklist-not-found',
    tries: [({ services, entry }) => services.blacklist.find('g1', 'hwid', entry.value)],
  },
  'blacklist.undo': {
    refused: 'blacklist-not-found',
    tries: [({ services, entry }) => services.blacklist.undo({ ...g1, entry, replaced: null })],
  },
  'blacklist.list': { tries: [({ services }) => services.blacklist.list('g1', null, page)] },
  'blacklist.count': {
    tries: [
      async ({ services }) => {
        expect(await services.blacklist.count('g1')).toBe(0);
      },
    ],
  },
  'blacklist.check': eachTyped(({ blacklist }, text) => blacklist.check('g1', text)),

  'apiKeys.create': {
    refused: 'api-key-taken',
    tries: [({ services }) => services.apiKeys.create({ ...g1, name: 'mine', secret: secretOf('g2') })],
  },
  'apiKeys.identify': { ofNoGuild: 'the secret names its guild' },
  'apiKeys.list': { tries: [({ services }) => services.apiKeys.list('g1')] },
  'apiKeys.revoke': {
    refused: 'api-key-not-found',
    tries: [({ services, apiKey }) => services.apiKeys.revoke({ ...g1, id: apiKey.id })],
  },

  'customers.find': {
    tries: [
      async ({ services }) => {
        const { uuid } = valueOf(await services.customers.find('g1', bob));
        expect(uuid).not.toBe(theirUuid);
      },
    ],
  },
  'customers.setUuid': {
    tries: [
      ({ services }) => services.customers.setUuid({ ...g1, userId: bob, uuid: null }),
      ({ services }) => services.customers.setUuid({ ...g1, userId: alice, uuid: theirUuid }),
      ({ services }) => services.customers.setUuid({ ...g1, userId: bob, uuid: theirUuid }),
    ],
  },

  'records.attempts': {
    tries: [
      ({ services }) => services.records.attempts('g1', { quiet: true }, page),
      ({ services, foreign }) => services.records.attempts('g1', { licenseId: foreign.license.id }, page),
      ({ services, product: { id } }) => services.records.attempts('g1', { productId: id }, page),
      ({ services }) => services.records.attempts('g1', { hwid: mark }, page),
      ({ services }) => services.records.attempts('g1', {}, { limit: 9, beforeId: 1_000 }),
    ],
  },
  'records.audit': {
    tries: [
      ({ services }) => services.records.audit('g1', {}, page),
      ({ services, foreign }) => services.records.audit('g1', { subject: `license:${foreign.license.id}` }, page),
      ({ services, apiKey }) => services.records.audit('g1', { subject: `api-key:${apiKey.id}` }, page),
      ({ services }) => services.records.audit('g1', {}, { limit: 9, beforeId: 1_000 }),
    ],
  },

  'members.left': { tries: [async ({ services }) => strict(services, () => services.members.left('g1', bob))] },
  'members.banned': { tries: [async ({ services }) => strict(services, () => services.members.banned('g1', bob))] },
  'members.joined': { tries: [({ services }) => services.members.joined('g1', bob)] },
  'members.remember': { ofNoGuild: 'names are the same everywhere' },
  'members.earnedRoles': { tries: [({ services }) => services.members.earnedRoles('g1', bob)] },

  'upkeep.expire': { ofNoGuild: 'a job for all guilds' },
  'upkeep.retain': { ofNoGuild: 'a job for all guilds' },
  'upkeep.endBlacklistEntries': { ofNoGuild: 'a job for all guilds' },
  'upkeep.purge': { ofNoGuild: 'a job for all guilds' },
  'alerts.raise': {
    tries: [({ services }) => services.alerts.raise('g1', { kind: 'k', subject: mark, text: 'mine' })],
  },
  'alerts.raiseEverywhere': { ofNoGuild: 'for what no guild can be named for' },
  'alerts.watch': { ofNoGuild: 'the log shipper feeds it with the attempts of all guilds' },
};

/** As hard on members who leave as can be. */
async function strict(services: Services, act: () => Promise<unknown>): Promise<unknown> {
  valueOf(await services.settings.patch({ ...g1, patch: { 'member.onLeave': 'suspend', 'member.onBan': 'suspend' } }));
  return act();
}

/** A grant of guild one is no leak; that it is one of guild two’s license would be. */
function withoutGuildOne(outcome: { readonly result: string }): unknown {
  expect(outcome.result).toBe('denied');
  return outcome;
}

/** Names of all use cases, `licenses.issue` and the like. */
function useCases(services: object, prefix = ''): readonly string[] {
  return Object.entries(services).flatMap(([name, member]) =>
    typeof member === 'function' ? [prefix + name] : useCases(member as object, `${prefix}${name}.`),
  );
}

test('every use case has its row in the matrix, and no row is of none', async () => {
  const { services } = await open();
  expect(Object.keys(matrix).sort()).toEqual([...useCases(services)].sort());
});

const rows = Object.entries(matrix).filter((row): row is [string, Row] => 'tries' in row[1]);

test.each(rows)(
  '%s gives guild one nothing of guild two, and changes nothing there',
  async (_name, { tries, refused }) => {
    expect(tries.length).toBeGreaterThan(0);
    for (const attack of tries) {
      const world = await twoGuilds();
      const before = await stateOf(world);
      const answer = await attack(world);
      if (refused !== undefined) {
        expect(answer).toMatchObject({ ok: false, error: { code: refused } });
      } else {
        const text = JSON.stringify(answer ?? null);
        expect(text).not.toContain(mark);
        expect(text).not.toContain('"g2"');
      }
      expect(await stateOf(world)).toEqual(before);
    }
  },
);
