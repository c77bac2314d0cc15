import { z } from 'zod';
import type { Options } from '../framework/command-context.ts';

/** A text that an option changes, in the state of a dialog. */
export const removableTextSchema = z.string().nullish();

/** What an option sets a text to; null: `none` was typed, which removes it. Undefined: the option was left out. */
export function removableTextFrom(options: Pick<Options, 'text'>, name: string): string | null | undefined {
  const text = options.text(name);
  return text?.toLowerCase() === 'none' ? null : (text ?? undefined);
}
