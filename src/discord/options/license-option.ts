import type { SlashCommandStringOption } from 'discord.js';
import type { License } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/values/result.ts';
import type { Choice, GuildContext, Options } from '../framework/command-context.ts';
import { licenseChoice } from '../texts/licenses.ts';

const maxChoices = 25;

/** The option `license`: picked as its id, or typed as a key or a key's last group. */
export function licenseOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option
    .setName('license')
    .setDescription('Pick one, or type its key, its last group or its id')
    .setAutocomplete(true)
    .setRequired(true)
    .setMaxLength(300);
}

export function licenseFrom(context: GuildContext, options: Options): Promise<Result<License, CommandError>> {
  return context.services.licenses.resolve(context.guildId, options.text('license') ?? '');
}

/** The newest licenses, or those that the typed text finds. */
export async function licenseChoices(context: GuildContext, typed: string): Promise<readonly Choice[]> {
  const { services, guildId } = context;
  const rows =
    typed.trim() === ''
      ? await services.licenses.list(guildId, {}, { limit: maxChoices, beforeId: null })
      : (await services.licenses.find(guildId, typed, maxChoices)).rows;
  return rows.filter(({ state }) => state !== 'deleted').map(toChoice);
}

/** The deleted licenses that can be restored. */
export async function deletedLicenseChoices(context: GuildContext, typed: string): Promise<readonly Choice[]> {
  const wanted = typed.trim().toLowerCase();
  const { licenses } = context.services;
  const rows = await licenses.list(context.guildId, { state: 'deleted' }, { limit: 100, beforeId: null });
  return rows.map(toChoice).filter(({ name }) => name.toLowerCase().includes(wanted));
}

function toChoice(row: Parameters<typeof licenseChoice>[0]): Choice {
  return { name: licenseChoice(row), value: String(row.license.id) };
}
