import type { Settings } from '../../domain/settings/settings.ts';
import { roleSetting } from '../../domain/settings/staff-actions.ts';
import type { Reply } from '../framework/reply.ts';
import { button, channelSelect, roleSelect, row, select } from '../framework/components.ts';
import type { ForeignCommand, GuildContext } from '../framework/command-context.ts';
import type { SettingsOutcome } from '../settings/change-setting.ts';
import { hiddenCommandWarnings, settingWarnings } from '../settings/setting-warnings.ts';
import { count, listWords, mentionRole } from '../texts/phrases.ts';
import { describeSettingLine, describeValue } from '../texts/settings.ts';
import { placeholderOptions, presetKeys, presetOptions } from './limit-presets.ts';
import { everydayActions, setupHandlers, setupSteps, type SetupStep, staffRoles, stepReply } from './steps.ts';

const channels = [
  ['channels.valid', 'granted checks'],
  ['channels.failed', 'refused checks'],
  ['channels.admin', 'what staff did'],
  ['channels.alerts', 'alerts'],
] as const;

/** A step with the current settings, below the outcome of the last change. */
export function showStep(context: GuildContext, step: SetupStep, outcome: SettingsOutcome): Promise<Reply> {
  const show = { customer: showCustomer, staff: showStaff, limits: showLimits };
  if (step === 'channels') return showChannels(context, outcome);
  if (step === 'apikey') return showApiKey(context, outcome);
  return step === 'done' ? showDone(context, outcome) : Promise.resolve(show[step](context, outcome));
}

export function findStep(text: string | undefined): SetupStep {
  return setupSteps.find((step) => step === text) ?? 'channels';
}

/** Where Discord does not say which commands there are, none are offered. */
function findForeign({ discord, guildId }: GuildContext): Promise<readonly ForeignCommand[]> {
  return discord.foreignCommands(guildId).catch(() => []);
}

async function showChannels(context: GuildContext, outcome: SettingsOutcome): Promise<Reply> {
  const { settings } = outcome;
  return stepReply(context, {
    step: 'channels',
    title: 'log channels',
    lines: [
      'Where shall I post? Each is optional; the same channel may be chosen for several. They show your customers’ IPs, so take channels that only staff can read. `/settings edit` takes one away again.',
      '',
      ...channels.map(([key, what]) => `${what}: ${describeValue(key, settings[key])}`),
    ],
    rows: channels.map(([key, what]) =>
      row(channelSelect(context.customId(setupHandlers.channel, [key]), `Channel for ${what}`)),
    ),
    foreign: await findForeign(context),
    outcome,
  });
}

function showCustomer(context: GuildContext, outcome: SettingsOutcome): Reply {
  const { settings } = outcome;
  return stepReply(context, {
    step: 'customer',
    title: 'customer role',
    lines: [
      'Shall every owner of a license have a role? I give it and take it back. A product can have its own besides.',
      '',
      describeSettingLine('roles.customer', settings),
    ],
    rows: [
      row(roleSelect(context.customId(setupHandlers.customer), 'Customer role')),
      row(button(context.customId(setupHandlers.customer, ['none']), 'None')),
    ],
    outcome,
  });
}

function showStaff(context: GuildContext, outcome: SettingsOutcome): Reply {
  const { settings } = outcome;
  return stepReply(context, {
    step: 'staff',
    title: 'staff roles',
    lines: [
      'Which roles handle licenses, products, the blacklist and logs? Members with Manage Server always can. Whole keys, bulk changes, deleting, API keys and settings stay with them; `/settings edit` gives single actions to others.',
      '',
      describeStaff(settings),
    ],
    rows: [
      row(roleSelect(context.customId(setupHandlers.staff), 'Staff roles', 25)),
      row(button(context.customId(setupHandlers.staffDefault), 'Everybody with Moderate Members')),
    ],
    outcome,
  });
}

/** After `/settings`, the role lists of the everyday actions may differ. */
export function describeStaff(settings: Settings): string {
  const lists = new Set(
    everydayActions.map((action) => describeValue(roleSetting(action), settings[roleSetting(action)])),
  );
  const [only = ''] = lists;
  return lists.size === 1
    ? `Staff now: ${only}`
    : 'The actions have different role lists now; choosing roles here gives all of them the same.';
}

function showLimits(context: GuildContext, outcome: SettingsOutcome): Reply {
  const { settings } = outcome;
  return stepReply(context, {
    step: 'limits',
    title: 'limits',
    lines: [
      'Where do customers run your program? A product or a license can have other limits.',
      '',
      ...presetKeys.map((key) => describeSettingLine(key, settings)),
      '',
      'Some machines have no HWID of their own and report a text like “unknown”, which then counts as one machine for all of them.',
      describeSettingLine('hwid.placeholders', settings),
    ],
    rows: [
      row(select(context.customId(setupHandlers.limits), 'They run it …', presetOptions(settings))),
      row(select(context.customId(setupHandlers.placeholders), 'HWIDs like “unknown” …', placeholderOptions(settings))),
      row(button(context.customId(setupHandlers.ownLimits), 'Other numbers')),
    ],
    outcome,
  });
}

async function showApiKey(context: GuildContext, outcome: SettingsOutcome): Promise<Reply> {
  const missing = context.missing('apikey');
  const apiKeys = missing === null ? await context.services.apiKeys.list(context.guildId) : [];
  const usable = apiKeys.filter(({ revokedAt }) => revokedAt === null);
  return stepReply(context, {
    step: 'apikey',
    title: 'API key',
    lines: [
      'Programs written for TKI send an API key with each check; those for other systems need none. I show its secret this once.',
      '',
      missing ??
        (usable.length === 0
          ? 'There is none yet.'
          : `There are ${count(usable.length, 'API key')} already; \`/apikey list\` shows them.`),
    ],
    rows: missing === null ? [row(button(context.customId(setupHandlers.apiKey), 'Make an API key', 'good'))] : [],
    outcome,
  });
}

async function showDone(context: GuildContext, outcome: SettingsOutcome): Promise<Reply> {
  const { settings } = outcome;
  const roles = staffRoles(settings);
  const keys = [...channels.map(([key]) => key), 'roles.customer'] as const;
  const warningsByKey = await Promise.all(keys.map((key) => settingWarnings(context, key, settings[key])));
  const hidden = await hiddenCommandWarnings({ ...context, settings });
  const warnings = [...new Set([...warningsByKey.flat(), ...hidden])];
  return stepReply(context, {
    step: 'done',
    title: 'done',
    lines: [
      ...channels.map(([key, what]) => `${what}: ${describeValue(key, settings[key])}`),
      describeSettingLine('roles.customer', settings),
      roles.length === 0 ? 'Staff: everybody with Moderate Members' : `Staff: ${listWords(roles.map(mentionRole))}`,
      ...(['limits.ip', 'limits.hwid', 'limits.mac', 'hwid.placeholders'] as const).map((key) =>
        describeSettingLine(key, settings),
      ),
      '',
      ...warnings.map((warning) => `⚠️ ${warning}`),
      'Next: `/product create`, then `/license issue`. Run `/setup` again whenever you like.',
    ],
    rows: [],
    foreign: await findForeign(context),
    outcome,
  });
}
