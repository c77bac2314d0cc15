import {
  ApplicationCommandOptionType as Type,
  PermissionFlagsBits,
  type APIApplicationCommandOption,
} from 'discord-api-types/v10';
import type { GivenOptions } from '../control/command-options.ts';
import type { LocalDiscord } from '../local-discord.ts';

/** The guild of the playground, and the ids of its users, channels and roles by name. */
export interface Players {
  readonly guild: string;
  readonly users: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, string>>;
}

/** Creates the guild of the playground with an owner, a staff member and a buyer. */
export function setUpPlayers(discord: LocalDiscord): Players {
  const users = {
    owner: discord.addUser({ username: 'owner', globalName: 'The owner' }),
    staff: discord.addUser({ username: 'staff', globalName: 'A moderator' }),
    buyer: discord.addUser({ username: 'buyer', globalName: 'A buyer' }),
  };
  const guild = discord.addGuild({ name: 'Playground', ownerId: users.owner });
  const roles = {
    staff: discord.addRole(guild, { name: 'Staff', permissions: PermissionFlagsBits.ModerateMembers }),
    customer: discord.addRole(guild, { name: 'Customer' }),
  };
  const channels = {
    general: discord.addChannel(guild, { name: 'general' }),
    logs: discord.addChannel(guild, { name: 'logs' }),
    staff: discord.addChannel(guild, {
      name: 'staff',
      overwrites: [
        { id: guild, deny: PermissionFlagsBits.ViewChannel },
        { id: roles.staff, allow: PermissionFlagsBits.ViewChannel },
        { id: discord.botUserId, kind: 'member', allow: PermissionFlagsBits.ViewChannel },
      ],
    }),
  };
  discord.addMember(guild, users.staff, { roles: [roles.staff] });
  discord.addMember(guild, users.buyer);
  return { guild, users, channels, roles };
}

type Option = APIApplicationCommandOption & { readonly options?: readonly Option[] };

/** Converts typed text to the types of the command's options: `@buyer`, `#logs`, `&customer`, numbers, true and false. */
export function toOptions(
  discord: LocalDiscord,
  players: Players,
  words: string,
  typed: Readonly<Record<string, string>>,
): GivenOptions {
  const [root, ...path] = words.split(' ');
  let options = (discord.registeredCommands().find(({ name }) => name === root)?.options ?? []) as readonly Option[];
  for (const word of path) options = options.find(({ name }) => name === word)?.options ?? [];
  const typeOf = (name: string) => options.find((option) => option.name === name)?.type;
  return Object.fromEntries(Object.entries(typed).map(([name, text]) => [name, toValue(players, typeOf(name), text)]));
}

function toValue(players: Players, type: Type | undefined, text: string): string | number | boolean {
  if (type === Type.Integer || type === Type.Number) return Number(text);
  if (type === Type.Boolean) return text === 'true' || text === 'yes';
  if (type === undefined || type === Type.String) return text;
  return idOf(players, text);
}

/** The id of `@buyer`, `#logs` or `&customer`; any other text unchanged. */
export function idOf({ users, channels, roles }: Players, text: string): string {
  const ids = { '@': users, '#': channels, '&': roles }[text.slice(0, 1)];
  return ids?.[text.slice(1)] ?? text;
}
