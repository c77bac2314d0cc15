import { signingSystems } from '../../src/domain/guild.ts';
import { licenseStates } from '../../src/domain/license.ts';
import type { LicenseQuery } from '../../src/storage/port/licenses.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { deny, observedRule, slotRule, grant as grantBy } from './check-rules.ts';
import { addLicense, addPopulatedGuild, addProduct, aRequest, noTrail } from './storage-fixtures.ts';
import type { TestClock } from './test-clock.ts';
import { aTrail } from './trails.ts';

const hourMs = 3_600_000;
const ownerId = '200000000000000001';
const userIds = ['200000000000000001', '200000000000000002', '200000000000000003'];
const shopIdentity = { system: 'builtbybit', id: '540001' } as const;
const email = 'ana@example.com';
const keys = ['second', 'third', 'fourth'].map((word) => `KEYED-${word.toUpperCase()}-AAAAA`);

/** Puts something of every kind that a store can hold into it, most of it in more than one state. */
export async function fillStore(storage: Storage, clock: TestClock): Promise<void> {
  const { product, license, apiKey } = await addPopulatedGuild(storage, 'g1');
  const systemKeys = { lukittu: { publicKey: 'public-of-lukittu', privateKey: 'private-of-lukittu' } };
  await addPopulatedGuild(storage, 'g2', { systemKeys });
  await storage.rememberUser({ id: ownerId, username: 'buyer', discriminator: '0' });
  await fillCustomers(storage);
  await fillGuild(storage, product.id, apiKey.id, clock);
  await fillLicenses(storage, product.id, license.id, clock);
  await fillRecords(storage, clock);
  await fillState(storage, clock);
}

async function fillCustomers(storage: Storage): Promise<void> {
  const [first = '', second = ''] = userIds;
  await storage.setCustomerId('g1', first, '01234567-89ab-4cde-8f01-23456789abcd', noTrail);
  await storage.setCustomerId('g1', second, '11234567-89ab-4cde-8f01-23456789abcd', noTrail);
  await storage.setCustomerId('g1', second, null, noTrail);
  const empty = {
    uuid: null,
    discordId: null,
    identities: [],
    email: null,
    username: null,
    fullName: null,
    metadata: [],
  };
  const buyer = { ...empty, identities: [shopIdentity], email, username: 'ana', fullName: 'Ana Łyse' };
  const metadata = [{ key: 'tier', value: 'gold', returned: true }];
  await storage.createCustomer('g1', { ...buyer, metadata }, () => noTrail);
  const merged = await storage.createCustomer('g1', { ...empty, email: 'old@example.com' }, () => noTrail);
  const into = await storage.ensureCustomer('g1', second);
  if ('taken' in merged) throw new Error(`taken: ${merged.taken}`);
  await storage.mergeCustomers('g1', { from: merged.customer.id, into: into.id }, () => aTrail('customer.merged'));
}

async function fillGuild(storage: Storage, productId: number, apiKeyId: number, clock: TestClock): Promise<void> {
  await storage.changeSettings('g1', (current) => ({
    next: { ...current, 'channels.failed': '300000000000000001', 'limits.ip': 7 },
    trail: aTrail('settings.changed', 'settings'),
    result: {},
  }));
  const releases = ['1.0.0', '1.1.0'].map((version) => {
    return {
      version,
      branch: version === '1.0.0' ? null : 'beta',
      status: 'published',
      latest: true,
      createdAt: clock.now(),
    } as const;
  });
  await storage.changeProduct('g1', productId, (current) => ({
    next: {
      ...current,
      name: 'Strongbox',
      version: '1.0.0',
      url: 'https://example.com',
      releases,
      term: '1y',
      trial: '7d',
      graceDays: 14,
      features: ['seats-10'],
      metadata: [{ key: 'Ä', value: '', returned: false }],
      revision: 2,
      updatedAt: clock.now(),
    },
    trail: aTrail('product.changed', `product:${productId}`),
    result: {},
  }));
  const old = await addProduct(storage, 'g1', { id: 4_711, name: 'Old' });
  await storage.changeProduct('g1', old.id, (current) => ({
    next: { ...current, deletedAt: clock.now() },
    trail: noTrail,
    result: {},
  }));
  await storage.revokeApiKey('g1', apiKeyId, noTrail);
  const apiKey = {
    name: 'spare',
    scopes: ['auth', 'licenses:read'],
    expiresAt: clock.now(),
    createdBy: 'cli',
  } as const;
  await storage.createApiKey('g1', { ...apiKey, secret: 'spare secret' }, () => noTrail);
  const entry = { type: 'hwid', reason: 'abuse', expiresAt: clock.now(), createdBy: 'user:5' } as const;
  await storage.addBlacklistEntry('g2', { ...entry, value: 'PC', match: 'pc', key: null }, () => noTrail);
  const ofKey = { type: 'key', value: '', match: null, key: keys[0] ?? '' } as const;
  await storage.addBlacklistEntry('g1', { ...entry, ...ofKey, expiresAt: null }, () => aTrail());
  // The id of a removed entry is not given again.
  const gone = await storage.addBlacklistEntry('g1', { ...entry, value: 'X', match: 'x', key: null }, () => noTrail);
  await storage.removeBlacklistEntry('g1', gone.entry.id, noTrail);
}

async function fillLicenses(storage: Storage, productId: number, first: number, clock: TestClock): Promise<void> {
  const [second = '', third = '', fourth = ''] = keys;
  const points = { left: 3, limit: 10, amount: 1, interval: 'hour', refilledAt: clock.now() } as const;
  await addLicense(storage, 'g1', productId, {
    key: second,
    name: 'Ä “name”',
    note: 'a note',
    order: '#17',
    ownerId,
    staff: true,
    holds: [{ kind: 'staff', at: clock.now(), reason: null }],
    expiry: { type: 'duration', start: 'activation', days: 30 },
    limits: { ip: 1, hwid: null, mac: 'inherit' },
    forgetAfter: { ip: 60, hwid: null, mac: 'inherit' },
    scope: 'eu',
    points,
    furtherProductIds: [4_711],
    allProducts: true,
    helperIds: userIds.slice(1),
    helpersSeeKey: true,
    features: ['pro'],
    metadata: [{ key: 'tier', value: 'gold', returned: true }],
  });
  const ending = { key: third, expiry: { type: 'date' }, expiresAt: clock.now(), ownerId } as const;
  await addLicense(storage, 'g1', productId, ending);
  await storage.expireLicenses(clock.now(), 10, () => aTrail('license.expired', 'license:3'));
  const buyer = await storage.customer('g1', { identity: shopIdentity });
  const ofBuyer = { key: fourth, switchedOff: true, customerId: buyer?.id ?? null };
  const deleted = await addLicense(storage, 'g1', productId, ofBuyer);
  await storage.changeLicense('g1', { id: deleted.id }, (current) => ({
    next: {
      ...current,
      deletedAt: clock.now(),
      ownerResets: [clock.now()],
      replacements: [clock.now()],
      revision: 2,
      updatedAt: clock.now(),
    },
    trail: noTrail,
    result: {},
  }));

  const inGuild2 = aRequest({ guildReference: { by: 'team', teamId: 'team-g2' } });
  const inGuild1 = aRequest({ guildReference: { by: 'team', teamId: 'team-g1' } });
  for (const [index, request] of [inGuild1, inGuild2].entries()) {
    await storage.decide(request, slotRule(`PC-${index}`, 3));
    await storage.decide(request, slotRule('a \u{1f511}', 3));
    await storage.decide(request, observedRule('Ünlimited'));
    clock.advance(61_000);
  }
  await storage.decide({ ...inGuild1, key: second }, (snapshot) =>
    grantBy(snapshot, { activation: { at: clock.now(), expiresAt: null } }, { info: '{"os":"x"}', quiet: true }),
  );
  const take = { kind: 'ip', forgetBefore: null } as const;
  const takes = [
    { ...take, value: '192.0.2.1' },
    { ...take, value: '192.0.2.2', replaces: ['192.0.2.1'], hwid: 'PC' },
  ];
  await storage.decide({ ...inGuild1, key: second }, (snapshot) =>
    grantBy(snapshot, { take: takes, replacements: [clock.now()] }, { replaced: [{ kind: 'ip', value: '192.0.2.1' }] }),
  );
  // A reset and a new key.
  await storage.changeLicense('g1', { id: first }, (current) => ({
    next: { ...current, note: 'reset' },
    trail: aTrail('license.reset'),
    result: {},
    release: [{ kind: 'hwid', value: 'PC-0' }],
    newKey: 'NEWER-KEY12-BBBBB',
  }));
}

async function fillRecords(storage: Storage, clock: TestClock): Promise<void> {
  const [entry] = await storage.blacklist('g2', {}, { limit: 1, beforeId: null });
  const unknown = aRequest({ guildReference: { by: 'team', teamId: 'team-g2' }, key: 'NO-SUCH-KEY' });
  for (let i = 0; i < 65; i += 1) {
    await storage.decide(unknown, (snapshot) => ({
      ...deny(snapshot, 'license-unknown', { hwid: `PC-${i}`, country: 'DEU', newBindings: ['ip', 'mac'] }),
      blacklistHit: i === 0 ? (entry?.id ?? null) : null,
    }));
  }
  const rejected = { observedIp: '203.0.113.5', protocol: 'tki', kind: 'rate-limited', count: 3 } as const;
  await storage.recordRejectedRequests([{ ...rejected, minute: clock.now() }], new Date(0));
  const alert = { kind: 'shared-hwid', subject: 'pc', text: 'one HWID on many licenses' };
  for (let i = 0; i < 3; i += 1) {
    await storage.raiseAlert('g1', alert);
    await storage.raiseAlert('g1', { ...alert, subject: `pc ${i}` });
    clock.advance(2 * hourMs);
  }
  for (const event of aTrail('license.revealed').audit) await storage.recordAudit('g2', event);
}

async function fillState(storage: Storage, clock: TestClock): Promise<void> {
  const message = { type: 'keys', why: 'issued', licenseIds: [2] } as const;
  await storage.addEffects('g1', [{ kind: 'dm', userId: ownerId, message }]);
  const [first, second] = await storage.claimEffects('roles', 2, 1_000);
  if (!first || !second) throw new Error('there are too few effects');
  await storage.finishEffect(first.id, { status: 'done', outcome: 'gave 1, took 0', dueAt: null }, null);
  for (const userId of userIds) await storage.setRoleGranted('g1', userId, '400000000000000001', true);

  await storage.acquireLease('bot', 'one', 1_000);
  clock.advance(2_000);
  const number = (await storage.acquireLease('bot', 'other', 1_000)) ?? 0;
  await storage.releaseLease('bot', 'other');
  await storage.acquireLease('job.expire', 'dead', 1_000);
  await storage.setNote('job.expire', clock.now().toISOString(), null);
  // MongoDB returns attempts to the log shipper once they are 5 s old.
  clock.advance(10_000);
  const [, , third] = await storage.attemptsAfter(0, 10);
  const cursor = { attempt: third?.id ?? 0, audit: 3, alert: 1, minute: clock.now().getTime() };
  await storage.setNote('log-cursor', JSON.stringify(cursor), { lease: 'bot', number });
}

const page = { limit: 1_000, beforeId: null };

/** Everything that the port returns of such a store; attempts without their ids, which each engine makes in its own way. */
const licenseSearches: readonly LicenseQuery[] = [
  ...['note', 'ä', '#1', 'NAME”', 'reset', 'nothing'].map((text) => ({ text })),
  ...licenseStates.map((state) => ({ state })),
  ...[{}, { state: 'suspended' } as const].map((query) => ({ productId: 4_711, ...query })),
];

export async function readStore(storage: Storage) {
  const guilds = [];
  for (const guild of await storage.guilds()) {
    const { id } = guild;
    const bundle = await storage.bundle(id);
    const licenses = [
      ...(await storage.licenses(id, {}, page)),
      ...(await storage.licenses(id, { state: 'deleted' }, page)),
    ];
    guilds.push({
      guild,
      settings: bundle?.settings,
      products: [bundle?.products.byId(1), bundle?.products.byId(2), bundle?.products.byId(4_711)],
      deletedProducts: await storage.deletedProducts(id),
      challengeKey: await storage.challengeKey(id),
      systemKeys: await Promise.all(signingSystems.map((system) => storage.challengeKey(id, system))),
      apiKeys: await storage.apiKeys(id),
      blacklist: await storage.blacklist(id, {}, page),
      customerIds: await Promise.all(userIds.map((userId) => storage.customerId(id, userId))),
      customers: await storage.customers(id, {}, page),
      buyer: await storage.customer(id, { identity: shopIdentity }),
      byEmail: await storage.customersByEmail(id, email.toUpperCase()),
      roles: await Promise.all(userIds.map((userId) => storage.grantedRoles(id, userId))),
      licenses,
      found: await Promise.all(
        licenseSearches.map(async (query) => [
          await storage.licenses(id, query, page),
          await storage.countLicensesBy(id, query),
        ]),
      ),
      keys: await Promise.all(licenses.map((license) => storage.licenseKey(id, license.id))),
      bindings: await Promise.all(licenses.map((license) => storage.bindings(id, license.id, 100))),
      attempts: withoutIds(await storage.attempts(id, { quiet: true }, page)),
      counts: await storage.attemptCounts(id, new Date(0)),
      hours: await storage.attemptStatistics(id, 'hour', new Date(0)),
      days: await storage.attemptStatistics(id, 'day', new Date(0)),
      audit: await storage.audit(id, {}, page),
    });
  }
  return {
    guilds,
    byFoldedKey: await storage.licensesByFoldedKey(null, 'newer key12\u2014bbbbb'),
    apiKey: await storage.apiKeyBySecret('spare secret'),
    user: await storage.knownUser(ownerId),
    rejectedRequests: await storage.rejectedRequests(new Date(0), 100),
    alerts: await storage.alertsAfter(0, 100),
    effects: await storage.effectsById(Array.from({ length: 100 }, (_, index) => index + 1)),
    job: await storage.note('job.expire'),
    unposted: withoutIds(await storage.attemptsAfter(await cursorOf(storage), 1_000)),
  };
}

/** The id of the attempt that was posted last. */
export async function cursorOf(storage: Storage): Promise<number> {
  const { attempt } = JSON.parse((await storage.note('log-cursor')) ?? '') as { attempt: number };
  return attempt;
}

function withoutIds<T extends { readonly id: number }>(list: readonly T[]): readonly Omit<T, 'id'>[] {
  return list.map(({ id: _, ...one }) => one);
}
