import { SlashCommandBuilder } from 'discord.js';
import type { Reply, Modal } from '../src/discord/framework/reply.ts';
import type { ComponentHandler, ReplyHandler, SlashCommand } from '../src/discord/framework/command.ts';
import { textModal } from '../src/discord/framework/components.ts';
import type { ComponentCall, GuildContext } from '../src/discord/framework/command-context.ts';
import { newApiKeyReply } from '../src/discord/views/new-api-key-reply.ts';
import {
  changeSetting,
  changeSettings,
  type SettingsOutcome,
  unchanged,
} from '../src/discord/settings/change-setting.ts';
import { type LimitPatch, limitPresets, presetKeys } from '../src/discord/setup/limit-presets.ts';
import { findStep, showStep } from '../src/discord/setup/show-step.ts';
import { everydayActions, setupHandlers, type SetupStep } from '../src/discord/setup/steps.ts';
import { listCommands } from '../src/discord/texts/commands.ts';
import { kindWords } from '../src/discord/texts/machines.ts';
import { bindingKinds } from '../src/domain/limits.ts';
import { parseSetting, type SettingChange, settingText } from '../src/domain/settings/parse-setting.ts';
import { roleSetting } from '../src/domain/settings/staff-actions.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

type Press = GuildContext & ComponentCall;

/** A handler that changes settings at once, and shows the step again with the outcome. */
function choosing(
  step: SetupStep,
  choose: (context: Press) => SettingsOutcome | Promise<SettingsOutcome>,
): ReplyHandler<GuildContext> {
  return { reply: 'update', run: async (context) => showStep(context, step, await choose(context)) };
}

const components: Readonly<Record<string, ComponentHandler<GuildContext>>> = {
  [setupHandlers.step]: {
    reply: 'update',
    run: (context) => showStep(context, findStep(context.state[0]), unchanged(context)),
  },
  [setupHandlers.channel]: choosing('channels', (context) => {
    const key = context.state[0] ?? '';
    return key.startsWith('channels.') ? changeSetting(context, key, context.values[0] ?? '') : unchanged(context);
  }),
  [setupHandlers.customer]: choosing('customer', (context) =>
    changeSetting(context, 'roles.customer', context.values[0] ?? 'unset'),
  ),
  [setupHandlers.staff]: choosing('staff', (context) => setStaff(context, context.values)),
  [setupHandlers.staffDefault]: choosing('staff', (context) => setStaff(context, null)),
  [setupHandlers.limits]: choosing('limits', (context) => {
    const preset = limitPresets.find(({ id }) => id === context.values[0]);
    return preset ? changeSettings(context, changesOf(preset.patch)) : unchanged(context);
  }),
  [setupHandlers.placeholders]: choosing('limits', (context) =>
    changeSetting(context, 'hwid.placeholders', context.values[0] ?? ''),
  ),
  // The button opens a modal, whose submission has the same handler.
  [setupHandlers.ownLimits]: { ...choosing('limits', setOwnLimits), modal: askForLimits },
  [setupHandlers.removeCommands]: { reply: 'update', run: removeCommands },
  [setupHandlers.apiKey]: { access: 'apikey', reply: 'private', once: true, run: makeApiKey },
};

export const setup: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('setup')
    .setDescription('Set me up step by step: channels, roles, limits, first API key'),
  access: 'settings',
  reply: 'private',
  run: (context) => showStep(context, 'channels', unchanged(context)),
  components,
};

/** Sets the same role list for all everyday staff actions, and reports it in one line. */
async function setStaff(context: GuildContext, roleIds: readonly string[] | null): Promise<SettingsOutcome> {
  const value = roleIds === null ? null : [...roleIds];
  const outcome = await changeSettings(
    context,
    everydayActions.map((action) => ({ key: roleSetting(action), value })),
  );
  return { ...outcome, changed: outcome.changed.length === 0 ? [] : ['The staff roles are set.'] };
}

function changesOf(patch: LimitPatch): readonly SettingChange[] {
  return presetKeys.map((key) => ({ key, value: patch[key] }));
}

function askForLimits({ customId, settings }: GuildContext): Modal {
  const fields = bindingKinds.map((kind) => ({
    id: kind,
    label: `How many ${kindWords[kind].many}`,
    description: '1 to 1000, or unlimited',
    value: settingText(settings[`limits.${kind}`], `limits.${kind}`),
    maxLength: 20,
  }));
  return textModal(customId(setupHandlers.ownLimits), 'Limits of a license', fields);
}

/** Changes all three limits or none. 0 is not accepted here, because it is mostly meant as "unlimited". */
function setOwnLimits(context: Press): SettingsOutcome | Promise<SettingsOutcome> {
  const changes: SettingChange[] = [];
  for (const kind of bindingKinds) {
    const parsed = parseSetting(`limits.${kind}`, context.field(kind));
    if (!parsed.ok) return unchanged(context, describeCommandError(parsed.error));
    if (parsed.value.value === 0) {
      return unchanged(
        context,
        `0 ${kindWords[kind].many} lets nobody in. Write unlimited for no limit; \`/settings set\` sets 0.`,
      );
    }
    changes.push(parsed.value);
  }
  return changeSettings(context, changes);
}

async function removeCommands(context: Press): Promise<Reply> {
  const removed = await context.discord.removeForeignCommands(context.guildId);
  const changed = [`Removed: ${listCommands(removed.map(({ name }) => name))}`];
  return showStep(context, findStep(context.state[0]), {
    ...unchanged(context),
    changed: removed.length === 0 ? [] : changed,
  });
}

async function makeApiKey(context: Press): Promise<Reply | string> {
  const made = await context.services.apiKeys.create({ ...context.by, name: 'Made in setup' });
  return made.ok ? newApiKeyReply(made.value, context.now) : describeCommandError(made.error);
}
