import { holdKinds } from '../../../../src/domain/hold.ts';
import { bindingKinds } from '../../../../src/domain/limits.ts';
import type { CommandErrorCode } from '../../../../src/domain/command-error.ts';
import type { ExpiryProblem } from '../../../../src/domain/expiry.ts';
import type { IntegrationWarning } from '../../../../src/domain/warning.ts';
import * as alertTexts from '../../../../src/services/alert-texts.ts';
import * as blacklistImpact from '../../../../src/texts/blacklist-impact.ts';
import * as blacklistProblems from '../../../../src/texts/blacklist-problems.ts';
import * as commandErrorTexts from '../../../../src/texts/command-errors.ts';
import * as countTexts from '../../../../src/texts/count.ts';
import * as denyingEntry from '../../../../src/texts/denying-entry.ts';
import * as expiryProblems from '../../../../src/texts/expiry-problems.ts';
import * as holdTexts from '../../../../src/texts/holds.ts';
import * as integrationWarnings from '../../../../src/texts/integration-warnings.ts';
import * as keyNearMiss from '../../../../src/texts/key-near-miss.ts';
import * as productNames from '../../../../src/texts/product-names.ts';
import * as licenseChanges from '../../../../src/texts/license-changes.ts';
import * as limitProblems from '../../../../src/texts/limit-problems.ts';
import * as metadataProblems from '../../../../src/texts/metadata-problems.ts';
import * as pointsProblems from '../../../../src/texts/points-problems.ts';
import * as settingProblems from '../../../../src/texts/setting-problems.ts';
import * as textFormat from '../../../../src/texts/text-format.ts';
import * as warnings from '../../../../src/texts/warnings.ts';
import { commandErrors } from '../../../support/command-errors.ts';
import { assessments, cards, counts, denyingEntries, product, userId } from './fixtures.ts';
import { noText, walk } from './walk.ts';

const expiryProblemCodes = {
  'not-an-expiry': true,
  'not-a-term': true,
  'ambiguous-date': true,
  'year-not-first': true,
  'no-such-day': true,
  'in-the-past': true,
  'after-year-9999': true,
  'before-year-1970': true,
  'shorter-than-a-minute': true,
  'extended-by-nothing': true,
  'no-days-from-activation': true,
  'months-from-activation': true,
  'never-expires': true,
  'end-has-passed': true,
  'api-key-from-activation': true,
} satisfies Record<ExpiryProblem['code'], true>;

const integrationWarningCodes = {
  'local-server': true,
  'api-key-missing': true,
  'version-fixed': true,
  'answers-unsigned': true,
  'product-unnamed': true,
  'customer-unnamed': true,
  'version-unnamed': true,
} satisfies Record<IntegrationWarning['code'], true>;

/** Servers are named by their ids only at the command line, which has no other names for those that it does not know. */
export const ofTheCommandLine: readonly CommandErrorCode[] = ['guild-not-found', 'guild-required', 'guild-exists'];
/** The command line has no instants of the reader's zone. */
const withInstants: readonly CommandErrorCode[] = ['redeem-wait', 'reset-wait'];

export const sharedSamples = [
  walk('src/texts/blacklist-problems.ts', blacklistProblems, {
    describeBlacklistValueProblem: (text) => [
      text({ code: 'value-too-long', max: 1024 }),
      ...(['not-an-ip', 'hwid-missing', 'not-a-user', 'not-a-country', 'not-a-key'] as const).map((code) =>
        text({ code }),
      ),
    ],
  }),
  walk('src/texts/command-errors.ts', commandErrorTexts, {
    // The Discord side and the command line each give it a format.
    formatCommandError: noText,
    describeCommandError: (text) => [
      ...Object.values(commandErrors)
        .filter(({ code }) => ![...ofTheCommandLine, ...withInstants].includes(code))
        .map(text),
      ...counts.map((number) => text({ code: 'daily-limit', made: number, max: number })),
      text({ code: 'product-required', products: Array.from({ length: 21 }, (_, index) => `Product ${index}`) }),
    ],
  }),
  walk('src/texts/blacklist-impact.ts', blacklistImpact, {
    describeImpact: (text) => assessments.map(({ type, impact }) => text(type, impact)),
    describeConcerns: (text) => assessments.map(text),
  }),
  walk('src/texts/denying-entry.ts', denyingEntry, {
    describeDenyingEntry: (text) => denyingEntries.flat().map((one) => text(one, ({ type }) => `this ${type}`)),
  }),
  walk('src/texts/key-near-miss.ts', keyNearMiss, {
    describeKeyNearMiss: (text) =>
      [19, 20, 23, 24, 25, 26, 27, 30].flatMap((length) =>
        [0, 5].flatMap((groupLength) =>
          ['', 'O', '01'].map((lookAlikes) => text({ length, keyLength: 25, groupLength, lookAlikes })),
        ),
      ),
  }),
  walk('src/texts/count.ts', countTexts, {
    count: (text) => counts.map((number) => [text(number, 'license'), text(number, 'entry', 'entries')]),
    describeDays: (text) => [0.5, 1, 1.5, 30].map(text),
    describeMinutes: (text) => [1, 2, 60, 90, 120, 720, 1440, 2880].map(text),
  }),
  walk('src/texts/expiry-problems.ts', expiryProblems, {
    describeExpiryProblem: (text) =>
      Object.keys(expiryProblemCodes).map((code) =>
        text(
          {
            code,
            text: '03/04/2027',
            readings: ['2027-04-03', '2027-03-04'],
            reading: '2027-01-31',
          } as ExpiryProblem,
          (quoted) => quoted,
        ),
      ),
  }),
  walk('src/texts/holds.ts', holdTexts, { describeCauses: (text) => [text(['refund']), text(holdKinds)] }),
  walk('src/texts/integration-warnings.ts', integrationWarnings, {
    describeIntegrationWarning: (text) =>
      Object.keys(integrationWarningCodes).map((code) =>
        text({ code, server: 'http://127.0.0.1:3000' } as IntegrationWarning),
      ),
  }),
  walk('src/texts/product-names.ts', productNames, {
    describeProducts: (text) => cards.map((card) => text(card)),
    describeFurther: (text) => cards.map((card) => text(card)),
    listProducts: (text) => text([product, product]),
    describeKept: (text) => [1, 2].flatMap((further) => [text(further, true), text(further, false)]),
  }),
  walk('src/texts/license-changes.ts', licenseChanges, {
    // The command line shows instants of UTC; Discord shows the changes of an end by `describeEdited`.
    describeLicenseChanges: (text) =>
      cards.flatMap((before) =>
        cards.map((after) =>
          text(
            { ...before, license: { ...before.license, expiresAt: null } },
            { ...after, license: { ...after.license, expiresAt: null } },
          ),
        ),
      ),
    describeTerm: (text) => [
      text({ type: 'never' }),
      text({ type: 'date' }),
      ...counts.map((days) => [
        text({ type: 'duration', start: 'creation', days }),
        text({ type: 'duration', start: 'activation', days }),
      ]),
    ],
  }),
  walk('src/texts/limit-problems.ts', limitProblems, {
    describeLimitProblem: (text) => [
      text({ code: 'not-a-limit', mayInherit: true }),
      text({ code: 'not-a-limit', mayInherit: false }),
      text({ code: 'not-a-forget-time' }),
    ],
  }),
  walk('src/texts/metadata-problems.ts', metadataProblems, {
    describeFeatureProblem: (text) => [
      text({ code: 'not-a-feature', text: 'two words' }, (quoted) => quoted),
      text({ code: 'no-such-feature', text: 'pro' }, (quoted) => quoted),
      text({ code: 'too-many-features' }, (quoted) => quoted),
    ],
    describeMetadataProblem: (text) => [
      text({ code: 'key-length' }, (quoted) => quoted),
      text({ code: 'value-too-long', key: 'tier' }, (quoted) => quoted),
      text({ code: 'no-such-key', key: 'tier' }, (quoted) => quoted),
      text({ code: 'too-many-entries' }, (quoted) => quoted),
    ],
  }),
  walk('src/texts/points-problems.ts', pointsProblems, {
    describePointsProblem: (text) => [
      ...([null, 'unlimited', 'none'] as const).map((word) => text({ code: 'not-a-point-count', word })),
      text({ code: 'not-a-refill' }),
    ],
  }),
  walk('src/texts/setting-problems.ts', settingProblems, {
    describeSettingProblem: (text) => [
      text({ code: 'not-allowed', allowed: 'on or off' }),
      text({ code: 'neither-letters-nor-digits' }),
      text({ code: 'keys-too-long', length: 257, max: 255 }),
    ],
  }),
  // For the command line, and for programs: Discord shows instants in the reader's zone.
  walk('src/texts/text-format.ts', textFormat, { utcInstant: noText }),
  walk('src/texts/warnings.ts', warnings, {
    describeWarning: (text) => [
      ...bindingKinds.map((kind) => text({ code: 'zero-limit', kind })),
      ...counts.map((bits) => text({ code: 'guessable-keys', bits, safeBits: 80 })),
      text({ code: 'guessable-secret', safeLength: 20 }),
      text({ code: 'hwids-unlimited' }),
    ],
  }),
  walk('src/services/alert-texts.ts', alertTexts, {
    describeManyIps: (text) => counts.map((number) => text(12, 'ABCDE', number + 2)),
    describeManyDeclaredIps: (text) => text('203.0.113.5', 20),
    describeAddressPattern: (text) => [text(12, 'ABCDE', 3), text(12, null, 4)],
    describeDeniedMachines: (text) => text(12, null, 3),
    describeDenialSpike: (text) => text(200, 5),
    describeSharedHwid: (text) => text('PC-1'),
    describePlaceholderHwid: (text) => text('unknown', 12, 'ABCDE'),
    // `describeAlerts` makes a mention of the user's id.
    describeMemberGone: (text) =>
      counts.map((number) =>
        text(
          userId,
          'left the server',
          Array.from({ length: number }, (_, id) => id),
        ).replace(userId, ''),
      ),
    describeMemberReturned: (text) =>
      [1, 2].map((number) =>
        text(
          userId,
          Array.from({ length: number }, (_, id) => id),
        ).replace(userId, ''),
      ),
    // An alert has its instant as Discord shows it; the log of the program and the command line have these texts, too.
    describeClockDoubt: noText,
    describeClockJump: noText,
    describeDiskSpace: (text) =>
      (['low', 'full'] as const).flatMap((space) => counts.map((gb) => text(space, gb * 1e9))),
    describeStoppedReconciliation: (text) => counts.map((number) => text(number, number)),
  }),
];

export const edits = cards.map((card) => ({
  ...card,
  before: cards[0]!,
  effectIds: [],
  newlyLimited: [],
  newlyZero: [],
}));
