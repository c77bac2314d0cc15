import { holdKinds } from '../../../../src/domain/hold.ts';
import { settingKeys, defaultSettings } from '../../../../src/domain/settings/settings.ts';
import { settingSections } from '../../../../src/domain/settings/setting-kinds.ts';
import type { Notice } from '../../../../src/domain/effect.ts';
import { logChannels, type MissedPosts } from '../../../../src/services/log-channels.ts';
import type { RoleUse } from '../../../../src/services/role-uses.ts';
import * as apiKeyTexts from '../../../../src/discord/texts/api-keys.ts';
import * as attemptLine from '../../../../src/discord/texts/attempt-line.ts';
import * as auditTexts from '../../../../src/discord/texts/audit.ts';
import * as auditDetails from '../../../../src/discord/texts/audit-details.ts';
import * as blacklistTexts from '../../../../src/discord/texts/blacklist.ts';
import * as commandErrorTexts from '../../../../src/discord/texts/command-errors.ts';
import * as commandTexts from '../../../../src/discord/texts/commands.ts';
import * as denialCard from '../../../../src/discord/texts/denial-card.ts';
import * as denialTexts from '../../../../src/discord/texts/denials.ts';
import * as directMessage from '../../../../src/discord/texts/direct-message.ts';
import * as ellipsizeText from '../../../../src/discord/texts/ellipsize.ts';
import * as escapeTexts from '../../../../src/discord/texts/escape-text.ts';
import * as keyMessage from '../../../../src/discord/texts/key-message.ts';
import * as licenseCard from '../../../../src/discord/texts/license-card.ts';
import * as licenseEdits from '../../../../src/discord/texts/license-edits.ts';
import * as licenseIssue from '../../../../src/discord/texts/license-issue.ts';
import * as licenseTexts from '../../../../src/discord/texts/licenses.ts';
import * as logChannelTexts from '../../../../src/discord/texts/log-channels.ts';
import * as machineTexts from '../../../../src/discord/texts/machines.ts';
import * as metadataTexts from '../../../../src/discord/texts/metadata.ts';
import * as ownerCard from '../../../../src/discord/texts/owner-card.ts';
import * as phrases from '../../../../src/discord/texts/phrases.ts';
import * as sharingTexts from '../../../../src/discord/texts/sharing.ts';
import * as productTexts from '../../../../src/discord/texts/products.ts';
import * as roleTexts from '../../../../src/discord/texts/roles.ts';
import * as settingTexts from '../../../../src/discord/texts/settings.ts';
import {
  apiKeys,
  assessments,
  at,
  attempts,
  cards,
  channelId,
  counts,
  denyingEntries,
  entries,
  infos,
  lastDenials,
  now,
  product,
  releases,
  roleId,
  userId,
} from './fixtures.ts';
import { commandErrors } from '../../../support/command-errors.ts';
import { edits, ofTheCommandLine } from './shared-samples.ts';
import { noText, walk } from './walk.ts';

const commandsOf = (number: number) => Array.from({ length: number }, (_, index) => ({ name: `command${index}` }));
const roleUses: readonly (readonly RoleUse[])[] = [
  [],
  [{ type: 'customer' }],
  [
    { type: 'buyer', product: 'Vault' },
    { type: 'claim', product: 'Vault' },
  ],
  [{ type: 'customer' }, { type: 'buyer', product: 'Vault' }, { type: 'buyer', product: 'Other' }],
  [
    { type: 'staff', action: 'logs' },
    { type: 'staff', action: 'license.view' },
  ],
];
const missed: readonly MissedPosts[] = counts.flatMap((lines) =>
  ([{ code: 'deleted' }, { code: 'no-permission' }, { code: 'refused', message: 'Missing Access' }] as const).map(
    (problem) => ({
      channelId,
      lines,
      since: at,
      until: now,
      problem,
    }),
  ),
);
const helped = [false, true].map((helpersSeeKey) => {
  return { ...cards[0]!.license, helperIds: [userId, '200000000000000002'], helpersSeeKey };
});
const shared = cards.map((card) => ({ ...card, isShared: true }));
const context = { guildName: 'Shop', settings: defaultSettings, now };
const notices: readonly Notice[] = [
  ...(['suspended', 'resumed', 'reset-undone', 'extended', 'expired'] as const).map((type) => ({ type })),
  ...(['suspended', 'resumed'] as const).flatMap((type) => holdKinds.map((hold) => ({ type, hold }))),
  ...(['taken-away', 'shared', 'unshared', 'deleted', 'restored'] as const).map((type) => ({ type })),
  { type: 'reset', machines: [{ kind: 'hwid', value: 'PC-1', count: 1 }] },
  ...counts.map((count) => ({ type: 'reset', machines: [{ kind: 'ip', value: null, count }] }) as const),
];

export const discordSamples = [
  walk('src/discord/texts/api-keys.ts', apiKeyTexts, {
    apiKeyName: (text) => apiKeys.map(text),
    describeApiKey: (text) => apiKeys.map((apiKey) => text(apiKey, now)),
    describeApiKeyState: (text) => apiKeys.map((apiKey) => text(apiKey, now)),
  }),
  walk('src/discord/texts/attempt-line.ts', attemptLine, {
    describeAttempt: (text) =>
      attempts.flatMap((attempt) => [
        text({ attempt, license: null, product }),
        text({ attempt, license: null, product: null }),
      ]),
    describeCheck: (text) => attempts.map(text),
    describeReplaced: (text) => text([{ kind: 'mac', value: '00:11' }]),
    describeIps: (text) => attempts.map(text),
  }),
  // Every event is walked in audit-texts.test.ts, as the services store it.
  walk('src/discord/texts/audit.ts', auditTexts, { describeAuditEvent: noText, describeAuditCount: noText }),
  walk('src/discord/texts/audit-details.ts', auditDetails, { describeAuditDetails: noText }),
  walk('src/discord/texts/blacklist.ts', blacklistTexts, {
    entryName: (text) => entries.map(text),
    describeEntry: (text) => entries.map(text),
    entryChoice: (text) => entries.filter(({ type }) => type !== 'user').map(text),
    describeEntryEnd: (text) => entries.map(text),
    describeEntryQuestion: (text) => assessments.map(text),
    describeDenyingEntries: (text) => denyingEntries.map(text),
    describeBlocked: (text) => denyingEntries.map((denying) => text(denying) ?? []),
  }),
  walk('src/discord/texts/command-errors.ts', commandErrorTexts, {
    describeCommandError: (text) =>
      Object.values(commandErrors)
        .filter(({ code }) => !ofTheCommandLine.includes(code))
        .map(text),
  }),
  walk('src/discord/texts/key-message.ts', keyMessage, { keyMessage: (text) => [text('KEY-1'), text('a*b')] }),
  walk('src/discord/texts/commands.ts', commandTexts, {
    listCommands: (text) => [1, 2, 12].map((number) => text(commandsOf(number).map(({ name }) => name))),
    describeHiddenCommands: (text) =>
      [1, 2].map((number) =>
        text({ role: { id: roleId, name: 'Staff' }, commands: commandsOf(number).map(({ name }) => name) }),
      ),
    describeForeignCommands: (text) => [1, 2, 12].map((number) => text(commandsOf(number))),
    describeForeignCommandsAlert: (text) => [1, 2, 12].map((number) => text(commandsOf(number))),
  }),
  walk('src/discord/texts/denial-card.ts', denialCard, {
    describeLastDenial: (text) => lastDenials.flatMap((denial) => [text(denial, 'staff'), text(denial, 'owner')]),
    isDenied: noText,
  }),
  walk('src/discord/texts/denials.ts', denialTexts, {}),
  walk('src/discord/texts/direct-message.ts', directMessage, {
    describeKeyDm: (text) =>
      (['issued', 'resent', 'rekeyed', 'reassigned', 'redeemed'] as const).flatMap((why) => [
        ...cards.map((card) => text(why, context, [card], [])),
        text(why, context, cards.slice(0, 2), []),
      ]),
    keysOnly: noText,
    describeExpiry: (text) => cards.map(({ license }) => text(license)),
    describeNotices: (text) =>
      notices.flatMap((notice) =>
        cards.map((card) => text(context, [{ ...card, notice: { ...notice, reason: 'paid' } }], [])),
      ),
  }),
  walk('src/discord/texts/ellipsize.ts', ellipsizeText, { ellipsize: noText }),
  walk('src/discord/texts/escape-text.ts', escapeTexts, {
    ...{ escapeText: noText, codeText: noText, codeBlock: noText, isSafeInCodeBlock: noText },
  }),
  walk('src/discord/texts/license-card.ts', licenseCard, {
    describeCard: (text) => cards.map(text),
    toneOf: noText,
    furtherDenyingEntries: noText,
  }),
  walk('src/discord/texts/license-edits.ts', licenseEdits, {
    describeEdited: (text) => edits.map(text),
    describeNewlyLimited: (text) => text(['ip', 'hwid', 'mac']),
  }),
  walk('src/discord/texts/license-issue.ts', licenseIssue, {
    describeIssued: (text) =>
      [1, 2, 12].flatMap((number) =>
        cards.flatMap(({ license, furtherProducts }) => {
          const issued = Array.from({ length: number }, () => ({ license, key: 'KEY' }));
          const all = { issued, product, furtherProducts, effectIds: [] };
          return [text(all, true), text(all, false)];
        }),
      ),
    describeLockedOut: (text) => [text(['ip']), text(['ip', 'hwid', 'mac'])],
  }),
  walk('src/discord/texts/licenses.ts', licenseTexts, {
    licenseName: (text) => cards.map(text),
    plainLicenseName: (text) => cards.map(text),
    licenseChoice: (text) =>
      cards.map((card) =>
        text({
          ...card,
          owner: card.license.ownerId === null ? null : { id: userId, username: 'alice', discriminator: '0' },
        }),
      ),
    describeRow: (text) => cards.map(text),
    describeOwner: (text) => cards.map(({ license }) => text(license)),
    describeHelpers: (text) => helped.map(text),
    describeState: (text) => cards.flatMap((card) => [text(card, 'staff'), text(card, 'owner')]),
  }),
  walk('src/discord/texts/log-channels.ts', logChannelTexts, {
    // `describeAlerts` makes a mention of the channel's id.
    describeChannelOutage: (text) =>
      missed.flatMap((posts) => logChannels.map((channel) => text(channel, posts).replace(channelId, ''))),
    describeMissed: (text) => missed.flatMap((posts) => logChannels.map((channel) => text(channel, posts))),
    describeMissedHere: (text) => missed.flatMap((posts) => logChannels.map((channel) => text(channel, posts))),
    describeNoChannelWorks: (text) =>
      missed.map((posts) => text('Shop', { channels: { failed: posts, admin: posts }, ownerNotified: false })),
  }),
  walk('src/discord/texts/machines.ts', machineTexts, {
    describeLimit: (text) => [...counts.map(text), text(null)],
    describeHwid: (text) => [text('PC-1', 32), text('unknown', 32)],
    describeMachine: (text) => cards.flatMap(({ bindings }) => bindings.map(text)),
    machineFields: (text) => cards.map(text),
  }),
  walk('src/discord/texts/metadata.ts', metadataTexts, {
    describeFeatures: (text) => [text(['pro']), text(Array.from({ length: 21 }, (_, index) => `f${index}`))],
    describeMetadata: (text) => [
      text([{ key: 'tier', value: '', returned: true }]),
      text(Array.from({ length: 9 }, (_, index) => ({ key: `k${index}`, value: 'gold', returned: false }))),
    ],
    describeNoPair: (text) => text('tier: gold'),
  }),
  walk('src/discord/texts/sharing.ts', sharingTexts, {
    describeSharing: (text) => [cards[0]!.license, ...helped].flatMap((one) => [0, 1, 3].map((max) => text(one, max))),
    describeEndedSharing: (text) => [text([]), text([userId])],
    describeShared: (text) =>
      helped.flatMap((license) =>
        [true, false].map((isShared) => text({ ...cards[0]!, license, effectIds: [] }, userId, isShared)),
      ),
  }),
  walk('src/discord/texts/owner-card.ts', ownerCard, {
    describeHealth: (text) => [...cards.map(text), ...shared.map(text)],
    describeOwnLine: (text) => [...cards.map(text), ...shared.map(text)],
    describeOwnCard: (text) => [...cards.map(text), ...shared.map(text)],
    describeOwnChecks: (text) => [text(cards[0]!, []), text(cards[0]!, attempts)],
  }),
  walk('src/discord/texts/phrases.ts', phrases, {
    count: noText,
    relativeTime: (text) => text(at),
    fullTime: (text) => text(at),
    clockTime: (text) => text(at),
    maskedKey: (text) => text('ABCDE'),
    mentionUser: (text) => text(userId),
    mentionRole: (text) => text(roleId),
    mentionChannel: (text) => text(channelId),
    listWords: (text) => counts.map((number) => text(['one', 'two'].slice(0, number))),
  }),
  walk('src/discord/texts/products.ts', productTexts, {
    productName: (text) => infos.map((info) => text(info.product)),
    describeProduct: (text) => infos.map(text),
    describeLicenses: (text) => infos.map(text),
    describeVersion: (text) => infos.map((info) => text(info.product)),
    describeProductCard: (text) => infos.map(text),
    describeRelease: (text) => releases.map(text),
    releaseName: (text) => releases.map(text),
  }),
  walk('src/discord/texts/roles.ts', roleTexts, {
    describeDeletedRole: (text) => roleUses.map((uses) => text(roleId, uses)),
    describeDeletedRoleAlert: (text) => roleUses.map((uses) => text('Buyers', uses)),
    describeRolesTooHigh: (text) => [text([roleId]), text([roleId, roleId])],
  }),
  walk('src/discord/texts/settings.ts', settingTexts, {
    describeValue: (text) => settingKeys.map((key) => text(key, defaultSettings[key])),
    describeSettingLine: (text) => settingKeys.map((key) => text(key, defaultSettings)),
    describeSettings: (text) => text(defaultSettings),
    describeSection: (text) => settingSections.map((section) => text(section, defaultSettings)),
  }),
];
