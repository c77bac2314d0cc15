import type { MetadataEntry } from '../../domain/values/metadata.ts';
import { codeText, escapeText } from './escape-text.ts';

const maxShownFeatures = 20;
const maxShownValue = 40;
/** So many lines fit into a field of a card. */
const maxShownPairs = 8;

/** Features in a field of a card; empty where there are none. */
export function describeFeatures(features: readonly string[]): string {
  const shown = features.slice(0, maxShownFeatures).map((feature) => codeText(feature));
  const more = features.length > shown.length ? [`and ${features.length - shown.length} more`] : [];
  return [...shown, ...more].join(', ');
}

/** Metadata in a field of a card, a line for each pair; empty where there is none. The last lines may be left out. */
export function describeMetadata(metadata: readonly MetadataEntry[]): string {
  const lines = metadata.map(({ key, value, returned }) => {
    const pair = `${escapeText(key, maxShownValue)} = ${value === '' ? 'empty' : escapeText(value, maxShownValue)}`;
    return returned ? `${pair} (programs get it)` : pair;
  });
  const shown = lines.slice(0, maxShownPairs);
  return lines.length > shown.length
    ? [...shown, `and ${lines.length - shown.length} more`].join('\n')
    : shown.join('\n');
}

/** A line of a form that is no pair. */
export function describeNoPair(line: string): string {
  return `“${escapeText(line, 100)}” is no metadata. Write a line for each: key = value.`;
}
