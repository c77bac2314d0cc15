import { defaultSettings, settingKeys } from '../../../../src/domain/settings/settings.ts';
import { settingSections } from '../../../../src/domain/settings/setting-kinds.ts';
import { versionPolicies } from '../../../../src/domain/product.ts';
import type { EffectStatus, StoredEffect } from '../../../../src/domain/effect.ts';
import { languageNames, systemNames } from '../../../../src/integration/offers.ts';
import type { Delivery, GuildContext } from '../../../../src/discord/framework/command-context.ts';
import * as describeDelivery from '../../../../src/discord/effects/describe-delivery.ts';
import * as describeRoles from '../../../../src/discord/effects/describe-roles.ts';
import { outcomes } from '../../../../src/discord/effects/outcomes.ts';
import * as describeAttempts from '../../../../src/discord/log/describe-attempts.ts';
import * as describeAudit from '../../../../src/discord/log/describe-audit.ts';
import { addAttempt, createDigest } from '../../../../src/discord/log/digest.ts';
import * as changeSetting from '../../../../src/discord/settings/change-setting.ts';
import * as settingWarnings from '../../../../src/discord/settings/setting-warnings.ts';
import * as showSettings from '../../../../src/discord/settings/show-settings.ts';
import * as showStep from '../../../../src/discord/setup/show-step.ts';
import * as steps from '../../../../src/discord/setup/steps.ts';
import * as addBlacklistEntry from '../../../../src/discord/views/add-blacklist-entry.ts';
import * as attemptPage from '../../../../src/discord/views/attempt-page.ts';
import * as auditPage from '../../../../src/discord/views/audit-page.ts';
import * as dataForm from '../../../../src/discord/views/data-form.ts';
import * as describeRevealError from '../../../../src/discord/views/describe-reveal-error.ts';
import * as licensePage from '../../../../src/discord/views/license-page.ts';
import * as newApiKeyReply from '../../../../src/discord/views/new-api-key-reply.ts';
import * as ownLicenses from '../../../../src/discord/views/own-licenses.ts';
import * as pickUp from '../../../../src/discord/views/pick-up.ts';
import * as productReply from '../../../../src/discord/views/product-reply.ts';
import * as suspendLicense from '../../../../src/discord/views/suspend-license.ts';
import * as undoBlacklistEntry from '../../../../src/discord/views/undo-blacklist-entry.ts';
import * as apikeyRevoke from '../../../../commands/apikey-revoke.ts';
import * as blacklistCheck from '../../../../commands/blacklist-check.ts';
import * as blacklistRemove from '../../../../commands/blacklist-remove.ts';
import * as helpCommand from '../../../../commands/help.ts';
import * as integrate from '../../../../commands/integrate.ts';
import * as licenseDelete from '../../../../commands/license-delete.ts';
import * as licenseExtend from '../../../../commands/license-extend.ts';
import * as licenseInfo from '../../../../commands/license-info.ts';
import * as licenseReassign from '../../../../commands/license-reassign.ts';
import * as licenseRekey from '../../../../commands/license-rekey.ts';
import * as licenseResend from '../../../../commands/license-resend.ts';
import * as licenseReset from '../../../../commands/license-reset.ts';
import * as licenseResume from '../../../../commands/license-resume.ts';
import * as licenseSearch from '../../../../commands/license-search.ts';
import * as mylicenses from '../../../../commands/mylicenses.ts';
import * as productDelete from '../../../../commands/product-delete.ts';
import * as productVersion from '../../../../commands/product-version.ts';
import * as redeem from '../../../../commands/redeem.ts';
import {
  apiKeys,
  assessments,
  at,
  attempts,
  cards,
  changed,
  channelId,
  counts,
  entries,
  infos,
  now,
  product,
  resets,
  roleId,
  userId,
} from './fixtures.ts';
import { noText, walk } from './walk.ts';

const delivered: Delivery = { lines: [], rows: [], dmArrived: true, roles: 'done', isOver: true };

const names = { license: () => cards[0]!.license, productName: () => 'Vault', apiKeyName: () => 'main' };
const auditEvent = {
  id: 1,
  guildId: 'g1',
  at,
  actor: { type: 'user', id: userId },
  action: 'license.suspended',
  subject: 'license:12',
  reason: 'chargeback',
  details: {},
};

/** A context whose services find this many of everything. */
const contextOf = (number: number) =>
  ({
    now,
    guildId: 'g1',
    user: { id: userId },
    settings: defaultSettings,
    customId: () => 'id',
    missing: () => null,
    services: {
      buyers: {
        licenses: () => Promise.resolve(cards.slice(0, number)),
        license: () => Promise.resolve({ ok: true, value: cards[number] }),
      },
      records: {
        attempts: () =>
          Promise.resolve(attempts.slice(0, number).map((attempt) => ({ attempt, license: null, product }))),
        audit: () => Promise.resolve(Array.from({ length: number }, () => auditEvent)),
        auditNames: () => Promise.resolve(names),
      },
      apiKeys: { list: () => Promise.resolve(apiKeys.slice(0, number)) },
      products: { info: () => Promise.resolve({ ok: true, value: infos[number] }) },
    },
    discord: {
      foreignCommands: () => Promise.resolve(Array.from({ length: number }, () => ({ id: '1', name: 'key' }))),
      hiddenCommands: () =>
        Promise.resolve(
          Array.from({ length: number }, () => ({ role: { id: roleId, name: 'Staff' }, commands: ['logs'] })),
        ),
      missingPermissions: () => Promise.resolve(Array.from({ length: number }, () => 'Send Messages')),
      isReadByEveryone: () => Promise.resolve(true),
      unassignableReason: () => Promise.resolve('I lack Manage Roles.'),
      canSee: () => Promise.resolve(number > 0),
    },
    delivery: () => ({ soFar: () => Promise.resolve(delivered), end: () => Promise.resolve(delivered) }),
  }) as unknown as GuildContext;
const contexts = counts.map(contextOf);
const position = { beforeId: null, history: [] };
const outcome = { settings: defaultSettings, changed: ['limits.ip: `5` → `1`'], warnings: [] };

const effects: readonly StoredEffect[] = (
  ['pending', 'claimed', 'waiting', 'done', 'failed', 'dropped'] satisfies EffectStatus[]
).flatMap((status) =>
  [...Object.values(outcomes), 'older than a day', null].flatMap((end) =>
    (
      [
        { kind: 'roles', userId },
        { kind: 'dm', userId, message: { type: 'keys', why: 'issued', licenseIds: [12] } },
        { kind: 'dm', userId, message: { type: 'suspended', licenseId: 12, reason: null } },
      ] as const
    ).map((effect) => ({
      id: 9,
      guildId: 'g1',
      effect,
      status,
      createdAt: at,
      dueAt: at,
      claimedAt: null,
      tries: 1,
      outcome: end,
    })),
  ),
);

const digestOf = (number: number) => {
  const digest = createDigest();
  for (const attempt of Array.from({ length: Math.ceil(number / attempts.length) }, () => attempts)
    .flat()
    .slice(0, number))
    addAttempt(digest, attempt);
  return digest;
};

export const replySamples = [
  walk('src/discord/effects/describe-delivery.ts', describeDelivery, {
    describeDelivery: (text) =>
      effects.flatMap((effect) =>
        [false, true].map(async (isFinal) => (await text([effect], contextOf(0), isFinal)).lines),
      ),
  }),
  walk('src/discord/effects/describe-roles.ts', describeRoles, {
    isUnderWay: noText,
    userOf: noText,
    endOfRoles: noText,
    describeRoles: (text) => {
      const roles = effects.filter(({ effect }) => effect.kind === 'roles');
      return [...roles.map((effect) => text([effect], new Set())), text(roles, new Set())];
    },
  }),
  walk('src/discord/log/describe-attempts.ts', describeAttempts, {
    describeAttempts: (text) =>
      [1, 2, 15, 60].flatMap((number) => [
        text('failed', digestOf(number), names),
        text('valid', digestOf(number), names),
      ]),
    describeLicense: (text) => [text(12, names), text(12, { ...names, license: () => null })],
  }),
  walk('src/discord/log/describe-audit.ts', describeAudit, {
    describeAuditEvents: noText,
    describeAlerts: (text) =>
      [
        {
          kind: 'log-channel',
          subject: channelId,
          text: `The log channel ${channelId} (channels.failed) takes no posts.`,
        },
        {
          kind: 'member.onLeave',
          subject: `user:${userId}`,
          text: `User ${userId}, who left the server, owns 1 license: #12.`,
        },
        { kind: 'spike', subject: 'guild', text: 'Many checks were refused.' },
      ].flatMap((alert) => [1, 2].map((number) => text([{ id: 1, guildId: 'g1', at, ...alert }], number))),
  }),
  walk(
    'src/discord/settings/change-setting.ts',
    changeSetting,
    { describeOutcome: (text) => text(outcome) },
    'describe',
  ),
  walk('src/discord/settings/setting-warnings.ts', settingWarnings, {
    settingWarnings: (text) =>
      contexts.flatMap((context) => [
        text(context, 'channels.failed', channelId),
        text(context, 'roles.customer', roleId),
      ]),
    hiddenCommandWarnings: (text) => contexts.map((context) => text(context)),
  }),
  walk('src/discord/settings/show-settings.ts', showSettings, {
    sectionReply: (text) => settingSections.map((section) => text(contextOf(0), section, defaultSettings)),
    settingReply: (text) => settingKeys.map((key) => text(contextOf(0), key, outcome)),
    settingModal: (text) => settingKeys.map((key) => text(contextOf(0), key)),
    askAboutZero: (text) => text(contextOf(0), 'limits.ip'),
  }),
  walk('src/discord/setup/show-step.ts', showStep, {
    showStep: (text) => contexts.flatMap((context) => steps.setupSteps.map((step) => text(context, step, outcome))),
    findStep: noText,
    describeStaff: (text) => text(defaultSettings),
  }),
  walk('src/discord/views/add-blacklist-entry.ts', addBlacklistEntry, {
    addBlacklistEntry: noText,
    askAboutEntry: noText,
    describeAdded: (text) =>
      entries.flatMap((entry) => assessments.map(({ impact }) => text({ entry, replaced: entry, impact }))),
  }),
  walk('src/discord/views/attempt-page.ts', attemptPage, {
    attemptPage: (text) => contexts.map((context) => text(context, {}, position)),
  }),
  walk('src/discord/views/audit-page.ts', auditPage, {
    auditPage: (text) => contexts.map((context) => text(context, {}, position)),
  }),
  walk('src/discord/views/data-form.ts', dataForm, { dataForm: (text) => text('form'), readDataForm: noText }),
  walk('src/discord/views/describe-reveal-error.ts', describeRevealError, {
    describeRevealError: (text) => text({ missing: () => null }, { code: 'reveal-required' }),
  }),
  walk('src/discord/views/license-page.ts', licensePage, {
    licensePage: (text) =>
      counts.map((number) =>
        text(contextOf(0), { title: 'Licenses', rows: cards.slice(0, number), position, handler: 'page', filters: {} }),
      ),
  }),
  walk('src/discord/views/new-api-key-reply.ts', newApiKeyReply, {
    newApiKeyReply: (text) => apiKeys.map((apiKey) => text({ apiKey, secret: 'secret', warnings: [] }, now)),
  }),
  walk('src/discord/views/own-licenses.ts', ownLicenses, {
    ownLicenses: (text) => contexts.map((context) => text(context, 0)),
    ownCard: (text) => contexts.map((context) => text(context, 12)),
  }),
  walk('src/discord/views/pick-up.ts', pickUp, { createPickUpHandlers: noText }),
  walk('src/discord/views/product-reply.ts', productReply, {
    productReply: (text) =>
      contexts.map((context, index) =>
        text(context, 'Product changed', { product: infos[index]!.product, warnings: [], effectIds: [] }),
      ),
  }),
  walk('src/discord/views/suspend-license.ts', suspendLicense, {
    suspendLicense: noText,
    describeSuspended: (text) => changed.map(text),
  }),
  walk('src/discord/views/undo-blacklist-entry.ts', undoBlacklistEntry, {
    saveEntryChange: noText,
    undoEntryChange: noText,
  }),
  walk(
    'commands/apikey-revoke.ts',
    apikeyRevoke,
    { describeQuestion: (text) => apiKeys.map((apiKey) => text(apiKey, now)) },
    'describe',
  ),
  walk(
    'commands/blacklist-check.ts',
    blacklistCheck,
    { describeMatches: (text) => [text([]), text(entries)] },
    'describe',
  ),
  walk(
    'commands/blacklist-remove.ts',
    blacklistRemove,
    {
      describeRemoved: (text) => entries.map(text),
      describeUndone: (text) =>
        entries.flatMap((entry) => [text({ is: entry, was: null }), text({ is: null, was: entry })]),
    },
    'describe',
  ),
  walk('commands/help.ts', helpCommand, { describeHelp: (text) => [text(true), text(false)] }, 'describe'),
  walk(
    'commands/integrate.ts',
    integrate,
    {
      describeIntegration: (text) =>
        systemNames.flatMap((system) =>
          languageNames.map((language) =>
            text({ system, language, product, file: 'check.py', excerpt: '', code: '', warnings: [] } as never),
          ),
        ),
    },
    'describe',
  ),
  walk(
    'commands/license-delete.ts',
    licenseDelete,
    { describeLoss: (text) => cards.map(text), describeDeleted: (text) => changed.map(text) },
    'describe',
  ),
  walk('commands/license-extend.ts', licenseExtend, { describeExtended: (text) => changed.map(text) }, 'describe'),
  walk(
    'commands/license-info.ts',
    licenseInfo,
    { describeNothing: (text) => text(contextOf(0), null, userId) },
    'describe',
  ),
  walk(
    'commands/license-reassign.ts',
    licenseReassign,
    {
      describeReassigned: (text) =>
        changed.flatMap((one) =>
          [null, userId].map((previousOwnerId) =>
            text({
              ...{ ...one, previousOwnerId, previousHelperIds: previousOwnerId === null ? [] : [userId] },
              ...{ previousOwnerKnowsKey: true, newKey: 'KEY', machinesKept: false },
            }),
          ),
        ),
      describeKnownKey: (text) =>
        text({
          ...changed[0]!,
          previousOwnerId: userId,
          previousHelperIds: [],
          previousOwnerKnowsKey: true,
          newKey: null,
          machinesKept: true,
        }),
    },
    'describe',
  ),
  walk('commands/license-rekey.ts', licenseRekey, { describeRekeyed: (text) => changed.map(text) }, 'describe'),
  walk('commands/license-resend.ts', licenseResend, { describeResent: (text) => changed.map(text) }, 'describe'),
  walk('commands/license-reset.ts', licenseReset, { describeReset: (text) => resets.map(text) }, 'describe'),
  walk(
    'commands/license-resume.ts',
    licenseResume,
    { describeResumed: (text) => changed.map((one) => text(one, now)) },
    'describe',
  ),
  walk(
    'commands/license-search.ts',
    licenseSearch,
    {
      describeFound: (text) =>
        counts.flatMap((number) =>
          (['key', 'id', 'suffix', 'order', 'ip', 'hwid', 'mac', 'owner', 'text', null] as const).map((by) =>
            text(number, { rows: cards.slice(0, number), by }),
          ),
        ),
    },
    'describe',
  ),
  walk('commands/mylicenses.ts', mylicenses, { describeForgotten: (text) => resets.slice(1).map(text) }, 'describe'),
  walk('commands/product-delete.ts', productDelete, { describeLoss: (text) => infos.map(text) }, 'describe'),
  walk(
    'commands/product-version.ts',
    productVersion,
    {
      describeVersionCard: (text) =>
        counts.flatMap((number) =>
          versionPolicies.map((policy) =>
            text(
              'Version',
              { ...product, versionPolicy: policy, version: '1.0' },
              { exact: number, released: number, minimum: 0, any: 0 },
            ),
          ),
        ),
    },
    'describe',
  ),
  walk(
    'commands/redeem.ts',
    redeem,
    {
      describeRefused: (text) => [
        text(contextOf(0), { code: 'wrong-key' }),
        text(
          { ...contextOf(0), settings: { ...defaultSettings, 'roles.license.reassign': [roleId] } },
          { code: 'wrong-key' },
        ),
      ],
      describeRedeemed: (text) =>
        changed.flatMap((one) =>
          (['claimed', 'restored'] as const).map((end) => text({ ...one, guildName: 'Shop', outcome: end }, delivered)),
        ),
    },
    'describe',
  ),
];
