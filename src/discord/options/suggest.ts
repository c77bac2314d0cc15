import type { Choice } from '../framework/command-context.ts';

/** Choices for a text that may also be something else: what is typed, then those suggestions that hold it. */
export function suggest(suggestions: readonly string[], typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  const fitting = suggestions.filter((text) => text.toLowerCase().includes(wanted));
  const isOwn = wanted !== '' && wanted.length <= 100 && !suggestions.some((text) => text.toLowerCase() === wanted);
  return [...(isOwn ? [typed.trim()] : []), ...fitting].map((text) => ({ name: text, value: text }));
}

/** What limits offer; others can be typed. */
export const limitSuggestions = ['1', '2', '3', '5', '10', 'unlimited'] as const;
/** What expiries offer. */
export const expirySuggestions = ['never', '7d', '30d', '6mo', '1y', '30d@activation'] as const;
export const termSuggestions = ['7d', '30d', '90d', '6mo', '1y'] as const;
export const sinceSuggestions = ['1h', '24h', '7d', '30d'] as const;
