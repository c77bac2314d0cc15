import { defaultSettings } from '../../../../src/domain/settings/settings.ts';
import { versionPolicies } from '../../../../src/domain/product.ts';
import { languageNames, systemNames } from '../../../../src/integration/offers.ts';
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
import * as licenseSearch from '../../../../commands/license-search.ts';
import * as mylicenses from '../../../../commands/mylicenses.ts';
import * as productDelete from '../../../../commands/product-delete.ts';
import * as productVersion from '../../../../commands/product-version.ts';
import * as trial from '../../../../commands/trial.ts';
import * as redeem from '../../../../commands/redeem.ts';
import { apiKeys, cards, changed, counts, entries, infos, now, product, resets, roleId, userId } from './fixtures.ts';
import { walk } from './walk.ts';
import { contextOf, delivered } from './context.ts';

/** The texts of commands. */
export const commandSamples = [
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
  walk(
    'commands/trial.ts',
    trial,
    { describeStarted: (text) => changed.map((one) => text({ ...one, guildName: 'Shop' }, delivered)) },
    'describe',
  ),
];
