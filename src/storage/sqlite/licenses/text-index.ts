import type { License } from '../../../domain/license.ts';
import { gramsOf, type PartLookup, type SearchedTexts } from '../../text-grams.ts';
import type { Prepare } from '../database/database.ts';

/**
 * `license_texts` finds licenses by a part of their texts. It is an FTS5 table that holds no text, only which license
 * has which tokens. A token is the guild, the block of the license's id and a gram, so that one look-up passes over the
 * licenses of one guild and block at most, whatever a person types.
 */
type IndexedLicense = SearchedTexts & Pick<License, 'id' | 'guildId'>;

/** How many ids a block has. Looking up a gram that all of them have takes some milliseconds. */
const blockSize = 16_384;
/** Changes of texts add small parts to the index, which have to be merged. One step of it takes some milliseconds. */
const pagesPerMerge = 16;
/** As many added licenses as one merge step makes up for. */
export const licensesPerMerge = 100;

/** The first id of the block in which an id is. */
export function blockStart(id: number): number {
  return id - (id % blockSize);
}

/**
 * FTS5 splits a text at all ASCII characters but letters and digits, and folds capitals. Those are replaced by
 * characters of the private use area.
 */
function encode(text: string): string {
  return text.replace(/[\0-/:-`{-\x7f]/g, (character) => String.fromCharCode(0xe000 + character.charCodeAt(0)));
}

function tokenPrefix(guildId: string, id: number): string {
  return encode(`${guildId} ${(blockStart(id) / blockSize).toString(36)} `);
}

/** The tokens of a license, with blanks between them. */
export function tokensOf({ id, guildId, ...texts }: IndexedLicense): string {
  const prefix = tokenPrefix(guildId, id);
  return gramsOf(texts)
    .map((gram) => prefix + encode(gram))
    .join(' ');
}

/** The FTS5 query for the licenses of a guild in the block of this id. */
export function matchIn(guildId: string, id: number, lookup: PartLookup): string {
  const prefix = tokenPrefix(guildId, id);
  if (lookup.type === 'prefix') return `"${prefix}${encode(lookup.prefix)}" *`;
  return lookup.grams.map((gram) => `"${prefix}${encode(gram)}"`).join(' ');
}

/** Keeps `license_texts` in step with `licenses`. All of it is called in the transaction that changes the licenses. */
export interface TextIndex {
  add(license: IndexedLicense): void;
  change(before: IndexedLicense, after: IndexedLicense): void;
  remove(id: number): void;
  /**
   * Merges a little of what was added. To be called in every transaction that adds, and again for each
   * `licensesPerMerge` of them: otherwise searches get slower and slower.
   */
  merge(): void;
}

export function createTextIndex(statement: Prepare): TextIndex {
  function add(license: IndexedLicense): void {
    const tokens = tokensOf(license);
    if (tokens !== '') statement('INSERT INTO license_texts (rowid, grams) VALUES (?, ?)').run(license.id, tokens);
  }

  function remove(id: number): void {
    statement('DELETE FROM license_texts WHERE rowid = ?').run(id);
  }

  function merge(): void {
    statement("INSERT INTO license_texts (license_texts, rank) VALUES ('merge', ?)").run(pagesPerMerge);
  }

  return {
    add,
    change: (before, after) => {
      if (before.name === after.name && before.note === after.note && before.order === after.order) return;
      remove(before.id);
      add(after);
      merge();
    },
    remove,
    merge,
  };
}
