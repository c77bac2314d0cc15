import type { Choice } from '../framework/command-context.ts';

/** Choices for an option that also takes other texts: the typed text, then the suggestions that contain it. */
export function suggest(suggestions: readonly string[], typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  const fitting = suggestions.filter((text) => text.toLowerCase().includes(wanted));
  const isOwn = wanted !== '' && wanted.length <= 100 && !suggestions.some((text) => text.toLowerCase() === wanted);
  return [...(isOwn ? [typed.trim()] : []), ...fitting].map((text) => ({ name: text, value: text }));
}

export const limitSuggestions = ['1', '2', '3', '5', '10', 'unlimited'] as const;
export const expirySuggestions = ['never', '7d', '30d', '6mo', '1y', '30d@activation'] as const;
export const termSuggestions = ['7d', '30d', '90d', '6mo', '1y'] as const;
export const sinceSuggestions = ['1h', '24h', '7d', '30d'] as const;
