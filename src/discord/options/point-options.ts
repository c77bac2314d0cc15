import { parsePoints } from '../../domain/parse-points.ts';
import type { Options } from '../framework/command-context.ts';

/** What the options about validation points complete with. */
export const pointSuggestions = new Map([
  ['points', ['10', '100', '1000', 'unlimited']],
  ['points-limit', ['10', '100', '1000', 'none']],
  ['points-refill', ['10/minute', '100/hour', '1000/day', 'none']],
]);

/** The validation points that the options set. The error says what is wrong with them. */
export function pointsFrom(options: Options) {
  const text = (name: string) => options.text(name) ?? undefined;
  return parsePoints({ left: text('points'), limit: text('points-limit'), refill: text('points-refill') });
}
