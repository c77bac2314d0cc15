import { describe, expect, test } from '@jest/globals';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, posix } from 'node:path';
import type { ApiKey } from '../../../src/domain/api-key.ts';
import type { AuditEvent } from '../../../src/domain/audit.ts';
import type { BlacklistEntry } from '../../../src/domain/blacklist/blacklist.ts';
import type { BlacklistAssessment } from '../../../src/domain/blacklist/blacklist-impact.ts';
import { denials } from '../../../src/domain/denial.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';
import { describeAlerts, describeAuditEvents } from '../../../src/discord/log/describe-audit.ts';
import { describeAttempts, describeLicense } from '../../../src/discord/log/describe-attempts.ts';
import { addAttempt, createDigest, maxLines } from '../../../src/discord/log/digest.ts';
import * as apiKeys from '../../../src/discord/texts/api-keys.ts';
import * as attemptLine from '../../../src/discord/texts/attempt-line.ts';
import * as auditTexts from '../../../src/discord/texts/audit.ts';
import * as customerTexts from '../../../src/discord/texts/customers.ts';
import * as auditDetails from '../../../src/discord/texts/audit-details.ts';
import * as blacklist from '../../../src/discord/texts/blacklist.ts';
import * as commandErrors from '../../../src/discord/texts/command-errors.ts';
import * as commandTexts from '../../../src/discord/texts/commands.ts';
import * as denialCard from '../../../src/discord/texts/denial-card.ts';
import * as directMessage from '../../../src/discord/texts/direct-message.ts';
import * as escapes from '../../../src/discord/texts/escape-text.ts';
import * as licenseCard from '../../../src/discord/texts/license-card.ts';
import * as licenseEdits from '../../../src/discord/texts/license-edits.ts';
import * as licenseIssue from '../../../src/discord/texts/license-issue.ts';
import * as licenses from '../../../src/discord/texts/licenses.ts';
import * as logChannels from '../../../src/discord/texts/log-channels.ts';
import * as machines from '../../../src/discord/texts/machines.ts';
import * as metadataTexts from '../../../src/discord/texts/metadata.ts';
import * as ownerCard from '../../../src/discord/texts/owner-card.ts';
import * as phrases from '../../../src/discord/texts/phrases.ts';
import * as sharing from '../../../src/discord/texts/sharing.ts';
import * as products from '../../../src/discord/texts/products.ts';
import * as roleTexts from '../../../src/discord/texts/roles.ts';
import * as settingTexts from '../../../src/discord/texts/settings.ts';
import type { MissedPosts } from '../../../src/services/log-channels.ts';
import type { LastDenial, Remedy } from '../../../src/services/licenses/license-view.ts';
import { aBinding, aCard, anAttempt } from '../../support/license-card.ts';
import { hostileText as evil, liveMarks, stringsIn } from '../../support/hostile-text.ts';

const at = new Date('2026-03-01T12:00:00.000Z');
const attempt = anAttempt({
  ...{ product: evil, version: evil, branch: evil, scope: evil, keySuffix: evil, declaredIp: evil, observedIp: evil },
  ...{
    hwid: evil,
    mac: evil,
    country: evil,
    userAgent: evil,
    info: evil,
    newBindings: ['hwid'],
    replaced: [{ kind: 'hwid', value: evil }],
  },
});
const release = { version: evil, branch: evil, status: 'published', latest: false, createdAt: at } as const;
const binding = aBinding({ kind: 'hwid', value: evil });
const entry: BlacklistEntry = {
  ...{ id: 1, guildId: 'g1', type: 'hwid', value: evil, match: evil, reason: evil, expiresAt: at },
  ...{ hits: 1, createdAt: at, createdBy: 'cli' },
};
const deniedBy = [{ entry, value: evil }];
const assessment: BlacklistAssessment = {
  ...{ type: 'hwid', value: evil, concerns: ['placeholder-hwid'], confirmWith: evil },
  impact: { licenses: 1, owners: 1, lastDay: { all: 1, matching: 1 }, isComplete: true },
};
const apiKey: ApiKey = {
  ...{ id: 1, guildId: 'g1', name: evil, scopes: ['auth'], createdAt: at, createdBy: 'cli' },
  ...{ expiresAt: null, revokedAt: null },
};
const remedies: readonly Remedy[] = [
  { type: 'release', kind: 'hwid', value: evil, limit: 1, holders: [binding] },
  { type: 'raise-limit', kind: 'ip', value: evil },
  { type: 'unblacklist', entry },
  { type: 'right-product', asked: evil, products: [{ name: evil }, { name: evil }] },
  { type: 'right-version', asked: evil, current: evil },
  { type: 'right-release', asked: evil, published: [evil, evil] },
  { type: 'right-branch', asked: evil },
  { type: 'right-scope', allowed: [evil], asked: evil },
  { type: 'resume' },
  { type: 'own-hwid' },
  { type: 'client' },
  { type: 'resolved' },
];
const lastDenials: readonly LastDenial[] = denials.flatMap((result) =>
  remedies.map((remedy) => ({ attempt: { ...attempt, result }, remedy })),
);
const base = aCard({});
const ownLicense = {
  ...{ keySuffix: evil, name: evil, note: evil, order: evil, scope: evil },
  holds: [{ kind: 'staff', at, reason: evil }],
} as const;
const product = {
  ...base.product,
  ...{ name: evil, aliases: [evil], description: evil, version: evil, url: evil, releases: [release] },
};
const card = aCard(
  {
    addressPattern: { hwid: evil, addresses: 3 },
    ...{
      product,
      furtherProducts: [product],
      guildName: evil,
      attempts: [attempt],
      lastGrant: attempt,
      bindings: [binding],
      customerId: evil,
    },
    ...{ bindingCounts: { ip: 0, hwid: 1, mac: 0 }, owner: { id: '1', username: evil, discriminator: '0' } },
  },
  ownLicense,
);
const cards = [card, ...(['suspended', 'deleted', 'off', 'expired'] as const).map((state) => ({ ...card, state }))];
const cardsDenied = [...cards, { ...card, deniedBy }, ...lastDenials.map((lastDenial) => ({ ...card, lastDenial }))];
const settings = { ...defaultSettings, 'licensegate.product': evil, 'key.prefix': evil };
const info = { product, licenses: 1, owners: 1, further: 1 };
const edited = { ...card, before: base, newlyLimited: [], newlyZero: [], effectIds: [] };
const dm = { guildName: evil, settings, now: at };
const event: AuditEvent = {
  ...{ id: 1, guildId: 'g1', at, actor: { type: 'system' }, action: 'product.changed', subject: 'product:7' },
  ...{ reason: evil, details: { url: evil, name: { before: evil, after: [evil] } } },
};
const customer = {
  ...{ id: 1, guildId: 'g1', uuid: evil, discordId: null, maskedEmail: evil, username: evil, fullName: evil },
  identities: [{ system: 'other', id: evil }],
  metadata: [{ key: evil, value: evil, returned: true }],
  ...{ createdAt: at, updatedAt: at, revision: 1 },
} as const;
const auditNames = { license: () => card.license, productName: () => evil, apiKeyName: () => evil };
const missed: MissedPosts = {
  ...{ channelId: '1', lines: 2, since: at, until: at },
  problem: { code: 'refused', message: evil },
};
const readers = ['staff', 'owner'] as const;

/** A module with what each of its functions says where all texts of others are hostile; null: it takes no such text. */
type Said<M> = { readonly [F in keyof M]: null | (() => unknown) };

function says<M extends object>(module: M, said: Said<M>) {
  return { module, said };
}

const modules: Readonly<Record<string, { readonly module: object; readonly said: object }>> = {
  'api-keys.ts': says(apiKeys, {
    apiKeyName: () => apiKeys.apiKeyName(apiKey),
    describeApiKey: () => apiKeys.describeApiKey(apiKey, at),
    describeApiKeyState: () => apiKeys.describeApiKeyState(apiKey, at),
  }),
  'attempt-line.ts': says(attemptLine, {
    describeAttempt: () => attemptLine.describeAttempt({ attempt, license: null, product }),
    describeCheck: () => attemptLine.describeCheck(attempt),
    describeReplaced: () => attemptLine.describeReplaced([{ kind: 'hwid', value: evil }]),
    describeIps: () => attemptLine.describeIps({ declaredIp: evil, observedIp: evil, countedIp: 'observed' }),
  }),
  'blacklist.ts': says(blacklist, {
    entryName: () => blacklist.entryName(entry),
    describeEntry: () => blacklist.describeEntry(entry),
    // Discord shows choices without marks.
    entryChoice: null,
    describeEntryEnd: null,
    describeEntryQuestion: () => blacklist.describeEntryQuestion(assessment),
    describeDenyingEntries: () => blacklist.describeDenyingEntries(deniedBy),
    describeBlocked: () => blacklist.describeBlocked(deniedBy),
  }),
  'command-errors.ts': says(commandErrors, {
    // test/unit/texts/command-errors.test.ts goes through all errors.
    describeCommandError: () => commandErrors.describeCommandError({ code: 'product-not-found', product: evil }),
  }),
  'denial-card.ts': says(denialCard, {
    describeLastDenial: () =>
      lastDenials.flatMap((one) => readers.map((reader) => denialCard.describeLastDenial(one, reader))),
    isDenied: null,
  }),
  'direct-message.ts': says(directMessage, {
    describeKeyDm: () => directMessage.describeKeyDm('issued', dm, [card], []),
    // test/discord/texts/key-message.test.ts has what keys look like.
    keysOnly: null,
    describeExpiry: null,
    describeNotices: () =>
      directMessage.describeNotices(dm, [{ ...card, notice: { type: 'suspended', reason: evil } }], []),
  }),
  'escape-text.ts': says(escapes, {
    escapeText: () => escapes.escapeText(evil),
    codeText: () => [escapes.codeText(evil), escapes.codeText('`'), escapes.codeText('a`')],
    codeBlock: () => escapes.codeBlock(`"${evil}"`, 'js'),
    isSafeInCodeBlock: null,
  }),
  'license-card.ts': says(licenseCard, {
    describeCard: () => cardsDenied.map(licenseCard.describeCard),
    toneOf: null,
    furtherDenyingEntries: null,
  }),
  'license-edits.ts': says(licenseEdits, {
    describeEdited: () => licenseEdits.describeEdited(edited),
    describeNewlyLimited: null,
  }),
  'license-issue.ts': says(licenseIssue, {
    describeIssued: () =>
      licenseIssue.describeIssued({ ...card, issued: [{ license: card.license, key: 'K' }], effectIds: [] }, false),
    describeLockedOut: null,
  }),
  'licenses.ts': says(licenses, {
    licenseName: () => licenses.licenseName(card),
    // Discord shows titles of selects, choices and buttons without marks.
    plainLicenseName: null,
    licenseChoice: null,
    describeRow: () => cards.map(licenses.describeRow),
    ...{ describeOwner: null, describeHelpers: null },
    describeState: () => cards.flatMap((one) => readers.map((reader) => licenses.describeState(one, reader))),
  }),
  'machines.ts': says(machines, {
    ...{ kindWords: null, describeLimit: null },
    describeHwid: () => machines.describeHwid(evil, 60),
    describeMachine: () => machines.describeMachine(binding),
    machineFields: () => machines.machineFields(card),
  }),
  'metadata.ts': says(metadataTexts, {
    describeFeatures: () => metadataTexts.describeFeatures([evil]),
    describeMetadata: () => metadataTexts.describeMetadata([{ key: evil, value: evil, returned: true }]),
    describeNoPair: () => metadataTexts.describeNoPair(evil),
  }),
  'owner-card.ts': says(ownerCard, {
    describeHealth: () => cardsDenied.map(ownerCard.describeHealth),
    describeOwnLine: () => cardsDenied.map(ownerCard.describeOwnLine),
    describeOwnCard: () => cardsDenied.map(ownerCard.describeOwnCard),
    describeOwnChecks: () => ownerCard.describeOwnChecks(card, [attempt]),
  }),
  'sharing.ts': says(sharing, {
    ...{ describeSharing: null, describeEndedSharing: null },
    describeShared: () => sharing.describeShared({ ...card, effectIds: [] }, '200000000000000002', true),
  }),
  'phrases.ts': says(phrases, {
    ...{ count: null, relativeTime: null, fullTime: null, clockTime: null },
    maskedKey: () => phrases.maskedKey(evil),
    // They are given ids of Discord, or words that were escaped.
    ...{ mentionUser: null, mentionRole: null, mentionChannel: null, listWords: null },
  }),
  'products.ts': says(products, {
    productName: () => products.productName(product),
    describeProduct: () => products.describeProduct(info),
    describeLicenses: null,
    describeVersion: () => products.describeVersion(product),
    describeProductCard: () => products.describeProductCard(info),
    describeRelease: () => products.describeRelease(release),
    releaseName: () => products.releaseName(release),
    policyWords: null,
  }),
  'audit.ts': says(auditTexts, {
    auditWords: null,
    describeAuditEvent: () => auditTexts.describeAuditEvent(event, auditNames),
    describeAuditCount: () =>
      auditTexts.describeAuditCount('license.issued', { type: 'api-key', id: 1 }, 2, auditNames),
  }),
  'customers.ts': says(customerTexts, {
    customerName: () => customerTexts.customerName(customer),
    describeCustomer: () => customerTexts.describeCustomer(customer),
    // Discord shows no markdown in choices.
    customerChoice: null,
    describeCustomerCard: () => customerTexts.describeCustomerCard(customer, 2, [card]),
    describeMerge: () => customerTexts.describeMerge(customer, customer, 2),
  }),
  'audit-details.ts': says(auditDetails, {
    describeAuditDetails: () => auditDetails.describeAuditDetails(event, auditNames),
  }),
  'commands.ts': says(commandTexts, {
    listCommands: () => commandTexts.listCommands([evil]),
    describeHiddenCommands: () =>
      commandTexts.describeHiddenCommands({ role: { id: '1', name: evil }, commands: [evil] }),
    describeForeignCommands: () => commandTexts.describeForeignCommands([{ name: evil }]),
    // Alerts are escaped where they are posted.
    describeForeignCommandsAlert: null,
  }),
  'log-channels.ts': says(logChannels, {
    describeChannelOutage: null,
    describeMissed: () => logChannels.describeMissed('failed', missed),
    describeMissedHere: () => logChannels.describeMissedHere('failed', missed),
    describeNoChannelWorks: () =>
      logChannels.describeNoChannelWorks(evil, { channels: { failed: missed }, ownerNotified: false }),
  }),
  'roles.ts': says(roleTexts, {
    describeDeletedRole: () => roleTexts.describeDeletedRole('1', [{ type: 'buyer', product: evil }]),
    describeDeletedRoleAlert: null,
    describeRolesTooHigh: null,
  }),
  'settings.ts': says(settingTexts, {
    describeValue: () => settingTexts.describeValue('licensegate.product', evil),
    describeSettingLine: () => settingTexts.describeSettingLine('key.prefix', settings),
    describeSettings: () => settingTexts.describeSettings(settings),
    describeSection: () => settingTexts.describeSection('programs', settings),
  }),
};

/** Files of the folder without a function that takes a text of another author. */
const others = ['denials.ts', 'ellipsize.ts', 'key-message.ts'];

describe('a name that would be a link, a mention or markdown shows as it stands', () => {
  const functions = Object.values(modules).flatMap(({ said }) =>
    Object.entries(said as Record<string, null | (() => unknown)>).flatMap(([name, call]) =>
      call === null ? [] : [[name, call] as const],
    ),
  );
  test.each(functions)('in %s', (_, call) => {
    const live = stringsIn(call()).filter((text) => liveMarks(text).length > 0);
    expect(live).toEqual([]);
  });

  test('in log channels', () => {
    const names = { license: () => card.license, productName: () => evil };
    const lines = createDigest();
    addAttempt(lines, attempt);
    const summary = createDigest();
    for (let count = 0; count <= maxLines; count++) addAttempt(summary, { ...attempt, result: 'expired' });
    const alert = { id: 1, guildId: 'g1', at, kind: 'many-ips', subject: 's', text: evil };
    const said = [
      describeAttempts('valid', lines, names),
      describeAttempts('failed', summary, names),
      describeLicense(1, names),
      describeAuditEvents({ total: 1, first: [event], counts: new Map() }, auditNames),
      describeAlerts([alert], 1),
    ];
    expect(stringsIn(said).filter((text) => liveMarks(text).length > 0)).toEqual([]);
  });

  test('and no text function is left out', () => {
    const files = globSync('src/discord/texts/*.ts').map((file) => basename(file));
    expect([...Object.keys(modules), ...others].sort()).toEqual(files.sort());
    for (const { module, said } of Object.values(modules))
      expect(Object.keys(said).sort()).toEqual(Object.keys(module).sort());
  });

  test('what would be live is noticed', () => {
    expect(liveMarks(evil).length).toBeGreaterThan(8);
    expect(liveMarks(`**${evil}**`)).not.toEqual([]);
    expect(liveMarks('`a` \\*\\*loud\\*\\* ```\n[y](https://evil.example)\n```')).toEqual([]);
  });
});

test('Discord has its own sentences for errors, which show names as they stand', async () => {
  const files = globSync(['commands/*.ts', 'events/*.ts', 'src/discord/**/*.ts']);
  const takesPlain = async (file: string) => {
    const imports = (await readFile(file, 'utf8')).matchAll(/import \{([^}]*)\} from '([^']*)';/g);
    return [...imports].some(
      ([, names = '', from = '']) =>
        posix.join(posix.dirname(file), from) === 'src/texts/command-errors.ts' &&
        /\bdescribeCommandError\b/.test(names),
    );
  };
  const plain = await Promise.all(files.map(async (file) => ((await takesPlain(file)) ? [file] : [])));
  expect(files.length).toBeGreaterThan(100);
  expect(plain.flat()).toEqual([]);
});
