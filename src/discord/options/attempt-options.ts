import type { SlashCommandStringOption } from 'discord.js';
import { parseDuration } from '../../domain/expiry.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { loggedResults } from '../views/attempt-page.ts';
import { resultWords } from '../texts/denials.ts';

export function resultOption(option: SlashCommandStringOption): SlashCommandStringOption {
  const choices = loggedResults.map((value) => ({ name: value === 'denied' ? 'refused' : resultWords[value], value }));
  return option
    .setName('result')
    .setDescription('Only those that were answered so')
    .addChoices(...choices);
}

export function sinceOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option.setName('since').setDescription('Only the last 1h, 24h, 7d, …').setAutocomplete(true).setMaxLength(20);
}

/** Reads a duration as the instant so long ago, in ISO 8601 for a filter; null: the option was left out. */
export function sinceFrom(text: string | null, now: Date): Result<string | null, CommandError> {
  if (text === null) return succeed(null);
  const durationMs = parseDuration(text);
  if (durationMs === null) return fail({ code: 'invalid-duration', text });
  return succeed(new Date(now.getTime() - durationMs).toISOString());
}
