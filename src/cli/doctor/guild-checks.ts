import { quickstartGuildId } from '../../domain/guild.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { roleSetting, staffActions } from '../../domain/settings/staff-actions.ts';
import { advice, type Check, passed, type DoctorContext } from './check.ts';

const logChannels = ['channels.valid', 'channels.failed', 'channels.admin', 'channels.alerts'] as const;

/** The settings of all guilds but the quickstart one, by the guild's name. */
async function readSettings({
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
      if (!roles.includes('bot')) return passed('It runs in another process: this one does not have the role bot.');
      if (discord.token !== null) return passed('DISCORD_TOKEN is set.');
      return advice('DISCORD_TOKEN is not set, so there is no bot.', 'Put it into .env; README.md explains how.');
    },
  },
  {
    name: 'log channels',
    run: async (context) => {
      const guilds = await readSettings(context);
      if (guilds.length === 0) return null;
      const missing = guilds.flatMap(([name, settings]) =>
        logChannels.filter((key) => settings[key] === null).map((key) => `${key} (${name})`),
      );
      if (missing.length === 0) return passed('All are set.');
      return advice(`Not set: ${missing.join(', ')}.`, 'Set them with /setup or “latchkey settings set”.');
    },
  },
  {
    name: 'staff roles',
    run: async (context) => {
      const guilds = await readSettings(context);
      if (guilds.length === 0) return null;
      const unset = guilds
        .filter(([, settings]) => staffActions.every((action) => settings[roleSetting(action)] === null))
        .map(([name]) => name);
      if (unset.length === 0) return passed('Every guild has set which roles may do what.');
      const detail = `${unset.join(', ')}: every member with the permission Moderate Members may issue, edit and suspend licenses.`;
      return advice(detail, 'To allow fewer members, set roles.<action>.');
    },
  },
];
