import type { CommandError } from '../../domain/command-error.ts';
import { formatCommandError } from '../../texts/command-errors.ts';
import type { TextFormat } from '../../texts/text-format.ts';
import { escapeText } from './escape-text.ts';
import { fullTime, relativeTime } from './phrases.ts';

const format: TextFormat = {
  quote: (text) => escapeText(text, 200),
  instant: (at) => `${fullTime(at)} (${relativeTime(at)})`,
};

/** One sentence or two for a Discord message: what is wrong, and what to do about it. */
export function describeCommandError(error: CommandError): string {
  return formatCommandError(error, format);
}
