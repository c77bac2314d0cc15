import { guildJson } from '../services/json/guild-json.ts';
import { commandLine } from '../domain/actor.ts';
import { type Guild, publicKeyFor, type SigningSystem, signingSystems } from '../domain/guild.ts';
import { systems } from '../integration/offers.ts';
import { publicKeyForms } from '../domain/values/public-key.ts';
import { type CliCommand, requireYes, yesOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { challengeKeyOption, readChallengeKeys } from './challenge-key-option.ts';
import { card, counted } from './framework/format.ts';

function guildCard(guild: Guild): string {
  const { id, name, teamId, userId, publicKeys = {} } = guild;
  const fields = [
    ['Team id (Lukittu)', teamId],
    ['User id (LicenseGate)', userId],
  ] as const;
  const head = card(`Guild ${id}: ${name}`, fields);
  // One common key is shown once, in the forms of both systems' clients.
  if (Object.keys(publicKeys).length === 0) return [head, ...keyForms(guild.publicKey, signingSystems)].join('\n\n');
  return [
    head,
    ...signingSystems.flatMap((system) => [
      `The public key of ${systems[system].title}:`,
      ...keyForms(publicKeyFor(guild, system), [system]),
    ]),
  ].join('\n\n');
}

/** A public key in the forms that clients of these systems hold: LicenseGate's take PEM, Lukittu's base64 of the PEM. */
function keyForms(publicKey: string, of: readonly SigningSystem[]): readonly string[] {
  const { pem, oneLine, base64 } = publicKeyForms(publicKey);
  return [
    pem,
    ...(of.includes('licensegate') ? [`The same on one line:\n${oneLine}`] : []),
    ...(of.includes('lukittu') ? [`The same as base64, for Lukittu's clients:\n${base64}`] : []),
  ];
}

const toOutput = (guild: Guild) => ({ json: { guild: guildJson(guild) }, text: guildCard(guild) });

export const guildCommands: readonly CliCommand[] = [
  {
    usage: 'guild add <discord-guild-id>',
    makesStore: true,
    description: 'add a guild and generate its ids and challenge key',
    options: [
      { flags: '--name <text>', description: 'its name', required: true },
      { flags: '--team-id <uuid>', description: 'keep your Lukittu team id instead of a generated one' },
      { flags: '--user-id <hex>', description: 'keep your LicenseGate user id instead of a generated one' },
      challengeKeyOption,
    ],
    run: async (call) => {
      const { guild } = unwrap(
        await call.services.guilds.add({
          id: call.argument(0),
          name: call.text('name') ?? '',
          actor: commandLine,
          teamId: call.text('teamId'),
          userId: call.text('userId'),
          ...readChallengeKeys(call.parsed('challengeKey')),
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
