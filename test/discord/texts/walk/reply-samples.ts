import { defaultSettings, settingKeys } from '../../../../src/domain/settings/settings.ts';
import { settingSections } from '../../../../src/domain/settings/setting-kinds.ts';
import type { EffectStatus, StoredEffect } from '../../../../src/domain/effect.ts';
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
import * as undoStep from '../../../../src/discord/views/undo-step.ts';
import * as auditPage from '../../../../src/discord/views/audit-page.ts';
import * as dataForm from '../../../../src/discord/views/data-form.ts';
import * as describeRevealError from '../../../../src/discord/views/describe-reveal-error.ts';
import * as followHwid from '../../../../src/discord/views/follow-hwid.ts';
import * as licensePage from '../../../../src/discord/views/license-page.ts';
import * as newLicense from '../../../../src/discord/views/new-license.ts';
import * as newApiKeyReply from '../../../../src/discord/views/new-api-key-reply.ts';
import * as ownLicenses from '../../../../src/discord/views/own-licenses.ts';
import * as pickUp from '../../../../src/discord/views/pick-up.ts';
import * as productReply from '../../../../src/discord/views/product-reply.ts';
import * as liftHold from '../../../../src/discord/views/lift-hold.ts';
import * as suspendLicense from '../../../../src/discord/views/suspend-license.ts';
import * as undoBlacklistEntry from '../../../../src/discord/views/undo-blacklist-entry.ts';
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
  roleId,
  userId,
  auditEvent,
} from './fixtures.ts';
import { undoableActions } from '../../../../src/domain/undoable-steps.ts';
import { noText, walk } from './walk.ts';
import { contextOf, delivered, names } from './context.ts';

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
    auditPage: (text) =>
      contexts.flatMap((context) => [{}, { license: '12' }].map((own) => text(context, own, position))),
    historyButton: (text) => text(contextOf(0), 12),
  }),
  walk('src/discord/views/undo-step.ts', undoStep, {
    undoStepRows: (text) => text(contextOf(1), 12, [auditEvent]),
    undoStep: noText,
    describeUndone: (text) => undoableActions.map((action) => text({ action }, 'License Vault …ABCDE')),
  }),
  walk('src/discord/views/data-form.ts', dataForm, { dataForm: (text) => text('form'), readDataForm: noText }),
  walk('src/discord/views/describe-reveal-error.ts', describeRevealError, {
    describeRevealError: (text) => text({ missing: () => null }, { code: 'reveal-required' }),
  }),
  walk('src/discord/views/follow-hwid.ts', followHwid, {
    followHwidButton: (text) => text('id'),
    askToFollowHwid: (text) => [
      text(contextOf(0)),
      text({ ...contextOf(0), settings: { ...defaultSettings, 'limits.ipMode': 'follow-hwid' } }),
    ],
  }),
  walk('src/discord/views/license-page.ts', licensePage, {
    licensePage: (text) =>
      counts.map((number) =>
        text(contextOf(0), { title: 'Licenses', rows: cards.slice(0, number), position, handler: 'page', filters: {} }),
      ),
  }),
  walk('src/discord/views/new-license.ts', newLicense, {
    describeNewLicense: (text) =>
      changed.map(({ license }) => text({ title: 'A license', sentence: 'It is yours.', license }, delivered)),
    describeOwnRoles: (text) => text(delivered),
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
  walk('src/discord/views/lift-hold.ts', liftHold, {
    liftHold: noText,
    describeOtherHolds: (text) => cards.map(text),
    describeLifted: (text) => [...changed, ...cards].map((one) => text(one, 'placeholder', now)),
  }),
  walk('src/discord/views/suspend-license.ts', suspendLicense, {
    suspendLicense: noText,
    describeSuspended: (text) => changed.map(text),
  }),
  walk('src/discord/views/undo-blacklist-entry.ts', undoBlacklistEntry, {
    saveEntryChange: noText,
    undoEntryChange: noText,
  }),
];
