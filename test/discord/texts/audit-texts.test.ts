import { expect, test } from '@jest/globals';
import type { AuditAction, AuditEvent } from '../../../src/domain/audit.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';
import type { ResetTarget } from '../../../src/services/licenses/license-service.ts';
import { describeAuditEvents } from '../../../src/discord/log/describe-audit.ts';
import { addAuditEvent, createAuditDigest } from '../../../src/discord/log/digest.ts';
import { describeAuditEvent } from '../../../src/discord/texts/audit.ts';
import type { AuditNames } from '../../../src/services/records.ts';
import { aRequest, secretOf } from '../../support/storage-fixtures.ts';
import { alice, bob, carol, staffMember, useServices, valueOf } from '../../support/open-services.ts';
import { textProblems } from '../../support/text-rules.ts';

const open = useServices();
const by = { guildId: 'g1', actor: staffMember };
const staffId = '900000000000000001';
const role = '700000000000000001';
const channel = '600000000000000001';

/** Every kind of event, as the services and jobs store it, oldest first. */
async function recordEverything() {
  const world = await open();
  const { services, storage, clock, product, issue } = world;
  const other = valueOf(await services.products.create({ ...by, name: 'Other', version: '1.0' })).product;
  for (const change of [
    { name: 'Vault 2', description: 'For blocks' },
    { version: '2.0', versionPolicy: 'minimum' },
    { buyerRoleId: role, claimRoleId: role },
    { limits: { ip: '1', hwid: '2' }, url: 'https://shop.example', imageUrl: 'https://shop.example/a.png' },
  ] as const) {
    valueOf(await services.products.edit({ ...by, productId: product.id, ...change }));
  }
  await services.products.addRelease({
    ...by,
    productId: product.id,
    version: '2.1',
    branch: 'beta',
    status: 'published',
    latest: false,
  });
  const release = { ...by, productId: product.id, version: '2.1', branch: 'beta' };
  valueOf(await services.products.markLatest(release));
  await services.products.archiveRelease(release);
  const { license, key } = await issue({ ...by, product: 'Vault 2', ownerId: alice, expires: '30d', order: 'R-1' });
  await issue({ ...by, product: 'Other', amount: 20 });
  const unclaimed = await issue({ ...by, product: 'Other' });
  const licenseId = license.id;
  const own = { ...by, licenseId };
  for (const change of [
    { product: 'Other', name: 'Main', note: 'pays late', order: 'R-2', scope: 'pro', staff: true },
    { limits: { ip: '1', hwid: 'unlimited' }, forgetAfter: { ip: '12h', hwid: '90m' } },
    { points: { left: 5, limit: 10 } },
    { points: { left: 1, limit: null, amount: 1, interval: 'minute' } },
    { expires: '30d@activation' },
  ] as const) {
    valueOf(await services.licenses.edit({ ...own, ...change, mayManage: true }));
  }
  await services.licenses.extend({ ...by, licenseId: unclaimed.license.id, term: '1d' });
  await services.licenses.edit({ ...own, expires: '2027-01-31', mayManage: true });
  await services.licenses.extend({ ...own, term: '12d' });
  await services.licenses.suspend({ ...own, reason: 'charge_back' });
  await services.licenses.resume(own);
  const owned = { userId: alice, licenseId };
  await services.buyers.switch({ ...owned, on: false });
  await services.buyers.switch({ ...owned, on: true });
  await world.check(
    aRequest({ guildReference: { by: 'api-key', secret: secretOf('g1') }, key, product: 'Other', version: '1.0' }),
  );
  const target: ResetTarget = 'all';
  await services.buyers.reset({ ...owned, what: target });
  await services.licenses.reset({ ...own, what: 'ip' });
  await services.licenses.undoReset({ ...own, at: clock.now() });
  await services.licenses.rekey(own);
  await services.licenses.resend(own);
  await services.licenses.reveal(own);
  await services.licenses.revealAll({ ...by, licenseIds: [licenseId, unclaimed.license.id] });
  await services.buyers.share({ ...owned, helperId: bob });
  await services.buyers.showKeyToHelpers({ ...owned, isShown: true });
  await services.licenses.unshare({ ...own, helperId: bob });
  await services.licenses.share({ ...own, helperId: carol });
  await services.licenses.reassign({ ...own, ownerId: bob, newKey: true });
  await services.buyers.redeem({ userId: bob, key: unclaimed.key, guildId: 'g1' });
  await services.licenses.delete(own);
  await services.licenses.restore(own);
  const entry = valueOf(
    await services.blacklist.add({ ...by, type: 'user', value: alice, for: '1d', reason: 'resells' }),
  );
  await services.blacklist.remove({ ...by, id: entry.entry.id });
  await services.blacklist.add({ ...by, type: 'ip', value: '203.0.113.0/24', reason: null, for: '1d' });
  const { apiKey } = valueOf(await services.apiKeys.create({ ...by, name: 'Panel', scopes: ['auth'], expires: '90d' }));
  await services.apiKeys.revoke({ ...by, id: apiKey.id });
  await services.customers.setUuid({ ...by, userId: alice, uuid: '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90' });
  const { customer } = valueOf(await services.customers.add({ ...by, email: 'a@example.com', username: 'ana' }));
  const customerId = customer.id;
  const identities = { addIdentities: ['builtbybit:540001'], fullName: 'Ana', email: null };
  valueOf(await services.customers.edit({ ...by, customerId, ...identities, discordId: staffId, mayReveal: true }));
  valueOf(await services.customers.revealEmail({ ...by, customerId, mayReveal: true }));
  const into = (await storage.ensureCustomer('g1', bob)).id;
  valueOf(await services.customers.merge({ ...by, from: customerId, into }));
  valueOf(await services.customers.undoMerge({ ...by, customerId }));
  await services.guilds.rename({ ...by, name: 'Better shop' });
  for (const [name, value] of Object.entries(changedSettings)) {
    await services.settings.patch({ ...by, patch: { [name]: value } });
  }
  await services.guilds.add({ id: '300000000000000001', name: 'Third', actor: staffMember });
  const short = await issue({ ...by, product: 'Other', ownerId: alice, expires: '1d' });
  await services.licenses.delete({ ...by, licenseId: short.license.id });
  const ending = await issue({ ...by, product: 'Other', ownerId: alice, expires: '1d' });
  await services.products.delete({ ...by, productId: product.id, name: 'Vault 2' });
  await services.products.restore({ ...by, productId: product.id });
  clock.advance(31 * 86_400_000);
  await services.upkeep.expire();
  await services.upkeep.endBlacklistEntries();
  await services.upkeep.purge();
  for (const event of byTheBot) await storage.recordAudit('g1', { actor: { type: 'system' }, ...event });

  const events: AuditEvent[] = [];
  for (let id = 0; ; id = events.at(-1)!.id) {
    const page = await storage.auditAfter(id, 1000);
    if (page.length === 0) break;
    events.push(...page);
  }
  const [bundle, apiKeys] = [(await storage.bundle('g1'))!, await storage.apiKeys('g1')];
  const licenses = new Map([license, ending.license].map((one) => [one.id, one]));
  const names: AuditNames = {
    license: (id) => licenses.get(id) ?? null,
    productName: (id) => bundle.products.byId(id)?.name ?? null,
    apiKeyName: (id) => apiKeys.find((one) => one.id === id)?.name ?? null,
  };
  return { events, names, licenseId, other };
}

/** A value for every setting that is not its default. */
const changedSettings = Object.fromEntries(
  Object.entries(defaultSettings).map(([name, value]) => [name, otherValue(name, value)]),
);

function otherValue(name: string, value: unknown): unknown {
  if (name.startsWith('channels.') && name !== 'channels.validMode') return channel;
  if (name === 'roles.customer') return role;
  if (name.startsWith('roles.')) return [role];
  if (name.startsWith('forgetAfter.')) return 720;
  if (name.startsWith('limits.')) return 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return value;
}

/** What the bot itself records, and a job after the clock was ahead. */
const byTheBot = [
  {
    action: 'effect.failed',
    subject: 'effect:9',
    reason: 'closed',
    details: { what: 'keys', userId: alice, licenseIds: [1] },
  },
  {
    action: 'effect.failed',
    subject: 'effect:9',
    reason: `<@&${role}> was deleted.`,
    details: { what: 'roles', userId: alice },
  },
  {
    action: 'effect.dropped',
    subject: 'effect:8',
    reason: 'older than a day',
    details: { what: 'notice', userId: alice, licenseIds: [1, 2] },
  },
  {
    action: 'effect.dropped',
    subject: 'guild',
    reason: 'older than a day when the bot came back',
    details: { what: 'log posts', count: 2 },
  },
  { action: 'license.expiry-undone', subject: 'license:1', reason: null, details: {} },
  { action: 'guild.deleted', subject: 'guild', reason: null, details: { name: 'Shop' } },
  { action: 'roles.stopped', subject: 'guild', reason: null, details: { members: 2, granted: 40, taken: 12 } },
] as const;

const allActions = Object.keys({
  'guild.created': true,
  'guild.changed': true,
  'guild.deleted': true,
  'settings.changed': true,
  'product.created': true,
  'product.changed': true,
  'product.deleted': true,
  'product.restored': true,
  'release.added': true,
  'release.archived': true,
  'release.latest': true,
  'license.issued': true,
  'license.changed': true,
  'license.extended': true,
  'license.suspended': true,
  'license.resumed': true,
  'license.switched-off': true,
  'license.switched-on': true,
  'license.reassigned': true,
  'license.shared': true,
  'license.unshared': true,
  'license.rekeyed': true,
  'license.resent': true,
  'license.revealed': true,
  'license.reset': true,
  'license.reset-undone': true,
  'license.redeemed': true,
  'license.deleted': true,
  'license.restored': true,
  'license.expired': true,
  'license.expiry-undone': true,
  'license.purged': true,
  'blacklist.added': true,
  'blacklist.removed': true,
  'blacklist.ended': true,
  'api-key.created': true,
  'api-key.revoked': true,
  'customer.created': true,
  'customer.changed': true,
  'customer.revealed': true,
  'customer.merged': true,
  'customer.merge-undone': true,
  'effect.dropped': true,
  'effect.failed': true,
  'roles.stopped': true,
} satisfies Record<AuditAction, true>) as readonly AuditAction[];

test('every event reads as a sentence, without names, ids and instants of the program', async () => {
  const { events, names, other } = await recordEverything();
  const lines = events.map((event) => describeAuditEvent(event, names));
  expect(lines.flatMap(textProblems)).toEqual([]);
  for (const [index, { actor }] of events.entries()) {
    if (actor.type === 'user') expect(lines[index]).toContain(`<@${actor.id}>`);
  }
  const digest = createAuditDigest();
  for (const event of events) addAuditEvent(digest, event);
  const { description } = describeAuditEvents(digest, names).embeds![0]!;
  expect(textProblems(description!)).toEqual([]);
  const recorded = new Set(events.map(({ action }) => action));
  expect(allActions.filter((action) => !recorded.has(action))).toEqual([]);
  const text = lines.join('\n');
  expect(text).toContain(`**issued** 20 licenses of **Other** (#`);
  expect(text).toContain(
    'limits: IPs inherit → 1, HWIDs inherit → unlimited, machines forgotten after: IPs inherit → 12 hours, HWIDs inherit → 90 minutes',
  );
  expect(text).toContain(`product: **Vault 2** → **${other.name}**`);
  expect(text).not.toContain('pays late');
});
