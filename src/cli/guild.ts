import { guildJson } from '../services/json/guild-json.ts';
import { readFile } from 'node:fs/promises';
import { commandLine } from '../domain/actor.ts';
import type { Guild } from '../domain/guild.ts';
import { publicKeyForms } from '../domain/values/public-key.ts';
import { type CliCommand, requireYes, yesOption } from './framework/command.ts';
import { CommandFailedError, unwrap } from './framework/errors.ts';
import { card, counted } from './framework/format.ts';

function guildCard({ id, name, teamId, userId, publicKey }: Guild): string {
  const fields = [
    ['Team id (Lukittu)', teamId],
    ['User id (LicenseGate)', userId],
  ] as const;
  const { pem, oneLine, base64 } = publicKeyForms(publicKey);
  const forms = [pem, `The same on one line:\n${oneLine}`, `The same as base64, for Lukittu's clients:\n${base64}`];
  return [card(`Guild ${id}: ${name}`, fields), ...forms].join('\n\n');
}

const toOutput = (guild: Guild) => ({ json: { guild: guildJson(guild) }, text: guildCard(guild) });

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailedError('file-unreadable', `${file} cannot be read (${code ?? 'unknown reason'}).`);
  }
}

export const guildCommands: readonly CliCommand[] = [
  {
    usage: 'guild add <discord-guild-id>',
    makesStore: true,
    description: 'add a guild and generate its ids and challenge key',
    options: [
      { flags: '--name <text>', description: 'its name', required: true },
      { flags: '--team-id <uuid>', description: 'keep your Lukittu team id instead of a generated one' },
      { flags: '--user-id <hex>', description: 'keep your LicenseGate user id instead of a generated one' },
      { flags: '--challenge-key <file>', description: 'keep your RSA private key (PEM) instead of a generated one' },
    ],
    run: async (call) => {
      const file = call.text('challengeKey');
      const { guild } = unwrap(
        await call.services.guilds.add({
          id: call.argument(0),
          name: call.text('name') ?? '',
          actor: commandLine,
          teamId: call.text('teamId'),
          userId: call.text('userId'),
          challengeKey: file === undefined ? undefined : await readKeyFile(file),
        }),
      );
      return toOutput(guild);
    },
  },
  {
    usage: 'guild show',
    description: 'show its ids and public key',
    run: async (call) => toOutput(await call.findGuild()),
  },
  {
    usage: 'guild list',
    description: 'list all guilds',
    run: async (call) => {
      const guilds = await call.services.guilds.list();
      const items = guilds.map((guild) => ({
        json: guildJson(guild),
        cells: [guild.id, guild.name, guild.teamId, guild.userId],
      }));
      const columns = ['ID', 'NAME', 'TEAM ID', 'USER ID'];
      return { name: 'guilds', heading: null, columns, pages: [items], emptyText: 'There are no guilds yet.' };
    },
  },
  {
    usage: 'guild delete <id>',
    description: 'delete a guild and everything in it; this cannot be undone',
    options: [yesOption],
    run: async (call) => {
      const found = unwrap(await call.services.guilds.find(call.argument(0)));
      const licenses = await call.services.licenses.count(found.id, {});
      requireYes(call, `This deletes guild “${found.name}” and its ${counted(licenses, 'license')} for good.`);
      const { guild } = unwrap(await call.services.guilds.delete({ guildId: found.id, actor: commandLine }));
      return { json: { guild: guildJson(guild) }, text: `Guild ${guild.id} (${guild.name}) is deleted.` };
    },
  },
];
