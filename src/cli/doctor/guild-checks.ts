import { quickstartGuildId } from '../../domain/guild.ts';
import type { Settings } from '../../domain/settings.ts';
import { roleSetting, staffActions } from '../../domain/staff-actions.ts';
import { advise, type Check, fine, type DoctorContext } from './check.ts';

const logChannels = ['channels.valid', 'channels.failed', 'channels.admin', 'channels.alerts'] as const;

/** What real guilds have set, by name. */
async function settingsOf({
  opened,
}: DoctorContext): Promise<readonly (readonly [name: string, settings: Settings])[]> {
  if (!opened) return [];
  const guilds = (await opened.services.guilds.list()).filter(({ id }) => id !== quickstartGuildId);
  const views = guilds.map(async ({ id, name }) => {
    const view = await opened.services.settings.view(id);
    return view.ok ? [[name, view.value] as const] : [];
  });
  return (await Promise.all(views)).flat();
}

export const guildChecks: readonly Check[] = [
  {
    name: 'bot',
    run: ({ config: { discord, roles } }) => {
      if (!roles.includes('bot')) return fine('Another process does its work.');
      if (discord.token !== null) return fine('DISCORD_TOKEN is set.');
      return advise('DISCORD_TOKEN is not set, so there is no bot.', 'Put it into .env, as README.md tells.');
    },
  },
  {
    name: 'log channels',
    run: async (patient) => {
      const guilds = await settingsOf(patient);
      if (guilds.length === 0) return null;
      const missing = guilds.flatMap(([name, settings]) =>
        logChannels.filter((key) => settings[key] === null).map((key) => `${key} (${name})`),
      );
      if (missing.length === 0) return fine('All are set.');
      return advise(`Not set: ${missing.join(', ')}.`, '/setup or “latchkey settings set” sets them.');
    },
  },
  {
    name: 'staff roles',
    run: async (patient) => {
      const guilds = await settingsOf(patient);
      if (guilds.length === 0) return null;
      const unset = guilds
        .filter(([, settings]) => staffActions.every((action) => settings[roleSetting(action)] === null))
        .map(([name]) => name);
      if (unset.length === 0) return fine('Every guild has said who may do what.');
      const detail = `${unset.join(', ')}: every member with Moderate Members may issue, edit and suspend licenses.`;
      return advise(detail, 'If that is too many, set roles.<action>.');
    },
  },
];
