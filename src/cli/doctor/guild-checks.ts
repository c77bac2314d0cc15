import { quickstartGuildId } from '../../domain/guild.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { roleSetting, staffActions } from '../../domain/settings/staff-actions.ts';
import { channelSetting, type LogChannel, logChannels, type MissedPosts } from '../../services/log-channels.ts';
import { advice, type Check, type DoctorContext, failed, passed } from './check.ts';

interface GuildSettings {
  readonly id: string;
  readonly name: string;
  readonly settings: Settings;
}

/** All guilds but the quickstart one. */
async function readGuilds({ opened }: DoctorContext): Promise<readonly GuildSettings[]> {
  if (!opened) return [];
  const guilds = (await opened.services.guilds.list()).filter(({ id }) => id !== quickstartGuildId);
  const views = guilds.map(async ({ id, name }) => {
    const view = await opened.services.settings.view(id);
    return view.ok ? [{ id, name, settings: view.value }] : [];
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
      const guilds = await readGuilds(context);
      if (guilds.length === 0) return null;
      const missing = guilds.flatMap(({ name, settings }) =>
        logChannels
          .map(channelSetting)
          .filter((key) => settings[key] === null)
          .map((key) => `${key} (${name})`),
      );
      if (missing.length === 0) return passed('All are set.');
      return advice(`Not set: ${missing.join(', ')}.`, 'Set them with /setup or “latchkey settings set”.');
    },
  },
  {
    name: 'log posts',
    run: async (context) => {
      const guilds = await readGuilds(context);
      if (!context.opened || guilds.every(({ settings }) => chosenChannels(settings).length === 0)) return null;
      const { services } = context.opened;
      const missed = guilds.map(async ({ id, name, settings }) => {
        const { channels } = await services.logChannels.missed(id);
        return chosenChannels(settings).flatMap((channel) => {
          const posts = channels[channel];
          if (!posts) return [];
          const lines = posts.lines === 1 ? '1 line' : `${posts.lines} lines`;
          return [
            `${name}: ${channelSetting(channel)} has missed ${lines} since ${posts.since.toISOString()}, ${whyMissed(posts)}.`,
          ];
        });
      });
      const details = (await Promise.all(missed)).flat();
      if (details.length === 0) return passed('None was refused.');
      const fix = 'Choose other channels, or give the bot View Channel, Send Messages and Embed Links there.';
      return failed(details.join(' '), fix);
    },
  },
  {
    name: 'staff roles',
    run: async (context) => {
      const guilds = await readGuilds(context);
      if (guilds.length === 0) return null;
      const unset = guilds
        .filter(({ settings }) => staffActions.every((action) => settings[roleSetting(action)] === null))
        .map(({ name }) => name);
      if (unset.length === 0) return passed('Every guild has set which roles may do what.');
      const detail = `${unset.join(', ')}: every member with the permission Moderate Members may issue, edit and suspend licenses.`;
      return advice(detail, 'To allow fewer members, set roles.<action>.');
    },
  },
  {
    name: 'commands',
    run: async (context) => {
      const { token } = context.config.discord;
      const guilds = await readGuilds(context);
      if (token === null || !context.opened || guilds.length === 0) return null;
      const { storage } = context.opened;
      const findings: { readonly hidden: string[]; readonly foreign: string[] } = { hidden: [], foreign: [] };
      for (const { id: guildId, name, settings } of guilds) {
        const inspected = await context.inspectCommands({ token, storage, guildId, settings });
        if (!inspected.ok) return advice(`${name}: ${inspected.error}`, 'Fix this, then run doctor again.');
        const { hidden, foreign } = inspected.value;
        for (const { role, commands } of hidden) {
          findings.hidden.push(`${name}: members with the role “${role.name}” do not see ${listCommands(commands)}.`);
        }
        if (foreign.length > 0) findings.foreign.push(`${name}: another program left ${listCommands(foreign)}.`);
      }
      const fixes = [
        ...(findings.hidden.length > 0
          ? ['Server Settings → Integrations → this bot: add the role to each of these commands.']
          : []),
        ...(findings.foreign.length > 0 ? ['/setup offers to remove what another program left.'] : []),
      ];
      if (fixes.length === 0) return passed('All who may use them see them.');
      return advice([...findings.hidden, ...findings.foreign].join(' '), fixes.join(' '));
    },
  },
];

function listCommands(names: readonly string[]): string {
  return names.map((name) => `/${name}`).join(', ');
}

function chosenChannels(settings: Settings): readonly LogChannel[] {
  return logChannels.filter((channel) => settings[channelSetting(channel)] !== null);
}

function whyMissed({ problem }: MissedPosts): string {
  switch (problem.code) {
    case 'deleted':
      return 'because it was deleted';
    case 'no-permission':
      return 'because the bot may not post there';
    case 'refused':
      return `because Discord said: ${problem.message}`;
  }
}
