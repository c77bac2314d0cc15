import { fail, type Result, succeed } from './result.ts';
import { canonicalName } from './text.ts';

/** A pair that sellers keep with a license, a product or a customer. */
export interface MetadataEntry {
  /** 1 to `maxMetadataKeyLength` characters, once in a record. */
  readonly key: string;
  /** Up to `maxMetadataValueLength` characters. */
  readonly value: string;
  /** Whether answers to client programs carry it, where their protocol has a place for it. */
  readonly returned: boolean;
}

export const maxMetadataEntries = 20;
export const maxMetadataKeyLength = 100;
export const maxMetadataValueLength = 1000;

export interface MetadataChange {
  /** Pairs to add, or to replace where the record has their keys. */
  readonly set?: readonly MetadataEntry[] | undefined;
  /** Keys of pairs to take away. */
  readonly remove?: readonly string[] | undefined;
}

export type MetadataProblem =
  | { readonly code: 'key-length' }
  | { readonly code: 'value-too-long' | 'no-such-key'; readonly key: string }
  | { readonly code: 'too-many-entries' };

/** The pairs after a change. A pair that is replaced keeps its place; keys are compared as they are written. */
export function changeMetadata(
  current: readonly MetadataEntry[],
  { set = [], remove = [] }: MetadataChange,
): Result<readonly MetadataEntry[], MetadataProblem> {
  const entries = new Map(current.map((entry) => [entry.key, entry]));
  for (const text of remove) {
    const key = canonicalName(text);
    if (!entries.delete(key)) return fail({ code: 'no-such-key', key });
  }
  for (const { key: text, value: typed, returned } of set) {
    const [key, value] = [canonicalName(text), typed.trim().toWellFormed()];
    if (key === '' || lengthOf(key) > maxMetadataKeyLength) return fail({ code: 'key-length' });
    if (lengthOf(value) > maxMetadataValueLength) return fail({ code: 'value-too-long', key });
    entries.set(key, { key, value, returned });
  }
  if (entries.size > maxMetadataEntries) return fail({ code: 'too-many-entries' });
  return succeed([...entries.values()]);
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
