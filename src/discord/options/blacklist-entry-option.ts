import type { SlashCommandStringOption } from 'discord.js';
import { type BlacklistEntry, blacklistTypes } from '../../domain/blacklist/blacklist.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Choice, GuildContext } from '../framework/command-context.ts';
import { entryChoice } from '../texts/blacklist.ts';

/** How many of the newest entries autocomplete searches. */
const maxSearched = 500;
const idText = /^#(\d{1,15})$/;

/** The option `entry`: picked as `#` with its id, or typed as the blacklisted value. */
export function entryOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option
    .setName('entry')
    .setDescription('Pick one, or type the IP, HWID, key, user id or country')
    .setAutocomplete(true)
    .setRequired(true)
    .setMaxLength(1024);
}

export async function entryChoices({ services, guildId }: GuildContext, typed: string): Promise<readonly Choice[]> {
  const wanted = typed.trim().toLowerCase();
  const entries = await services.blacklist.list(guildId, null, { limit: maxSearched, beforeId: null });
  return entries
    .map((entry) => ({ name: entryChoice(entry), value: `#${entry.id}` }))
    .filter(({ name }) => name.toLowerCase().includes(wanted));
}

/** The ids of the entries that the text means. Error: blacklist-not-found. */
export async function entriesFrom(
  { services, guildId }: GuildContext,
  text: string,
): Promise<Result<readonly Pick<BlacklistEntry, 'id'>[], CommandError>> {
  const id = idText.exec(text)?.[1];
  if (id !== undefined) return succeed([{ id: Number(id) }]);
  const found = await Promise.all(blacklistTypes.map((type) => services.blacklist.find(guildId, type, text)));
  const entries = found.flatMap((one) => (one.ok ? [one.value] : []));
  return entries.length === 0 ? fail({ code: 'blacklist-not-found' }) : succeed(entries);
}
