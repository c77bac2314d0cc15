import { type BlacklistReader, type BlacklistType, type ListedEntry, specificity } from './blacklist.ts';
import { declaredAddress, keepBits, type Network, parseAddress, parseRange } from '../values/address.ts';
import { foldText } from '../values/text.ts';

/**
 * A guild's entries in memory. Each look-up takes a few hash accesses, however many entries there are, and none where
 * the guild has no entries of that type.
 */
export interface BlacklistIndex extends BlacklistReader {
  /** Adds an entry, replacing the one with the same id or the same type and match. */
  add(entry: ListedEntry): void;
  remove(id: number): void;
}

/** The numbers of entries by what is compared: a text, or the bits of a network. */
type Table = Map<string | number, number>;

/** The networks of one prefix length. */
interface Length {
  readonly prefix: number;
  readonly table: Table;
}

/** The rank of a declared text: above every network. */
const textRank = specificity({ family: 4, prefix: 33 });

/**
 * An index over the entries; `add` and `remove` keep it current. Entries are numbered, and their fields are lists of
 * numbers: as objects 100,000 entries would take twice the memory.
 */
export function createBlacklistIndex(entries: Iterable<ListedEntry> = []): BlacklistIndex {
  const ids: number[] = [];
  /** Epoch milliseconds; Infinity where the entry has no end. */
  const ends: number[] = [];
  const keys: (string | number)[] = [];
  const tables: Table[] = [];
  /** Numbers of removed entries, which the next ones get. */
  const free: number[] = [];
  const numbers = new Map<number, number>();
  const texts: Readonly<Record<BlacklistType, Table>> = {
    ip: new Map(),
    hwid: new Map(),
    key: new Map(),
    user: new Map(),
    country: new Map(),
  };
  /** The prefix lengths in use, longest first. */
  const lengths: Record<Network['family'], readonly Length[]> = { 4: [], 6: [] };

  function tableOf({ family, prefix }: Network): Table {
    const found = lengths[family].find((length) => length.prefix === prefix);
    if (found) return found.table;
    const table: Table = new Map();
    lengths[family] = [...lengths[family], { prefix, table }].sort((a, b) => b.prefix - a.prefix);
    return table;
  }

  function placeOf({ type, match }: ListedEntry): readonly [Table, string | number] {
    const network = type === 'ip' ? (parseRange(match) ?? parseAddress(match)) : null;
    return network ? [tableOf(network), bitsOf(network, network.prefix)] : [texts[type], match];
  }

  function add(entry: ListedEntry): void {
    remove(entry.id);
    const [table, key] = placeOf(entry);
    const replaced = table.get(key);
    if (replaced !== undefined) numbers.delete(ids[replaced] ?? 0);
    const number = replaced ?? free.pop() ?? ids.length;
    ids[number] = entry.id;
    ends[number] = entry.expiresAt?.getTime() ?? Infinity;
    keys[number] = key;
    tables[number] = table;
    table.set(key, number);
    numbers.set(entry.id, number);
  }

  function remove(id: number): void {
    const number = numbers.get(id);
    if (number === undefined) return;
    numbers.delete(id);
    free.push(number);
    const table = tables[number];
    table?.delete(keys[number] ?? '');
    if (table?.size !== 0) return;
    for (const family of [4, 6] as const) lengths[family] = lengths[family].filter((length) => length.table !== table);
  }

  /** The id of the entry in force with this key. */
  function idIn(table: Table, key: string | number, now: Date): number | null {
    const number = table.get(key);
    return number !== undefined && now.getTime() < (ends[number] ?? 0) ? (ids[number] ?? null) : null;
  }

  const find = (type: BlacklistType, match: string, now: Date) =>
    texts[type].size === 0 ? null : idIn(texts[type], match, now);

  /** The most specific entry in force that covers one text. */
  function findCovering(text: string, now: Date): { readonly id: number; readonly rank: number } | null {
    const same = texts.ip.size === 0 ? null : idIn(texts.ip, foldText(text), now);
    if (same !== null) return { id: same, rank: textRank };
    if (lengths[4].length + lengths[6].length === 0) return null;
    const network = declaredAddress(text);
    if (!network) return null;
    for (const { prefix, table } of lengths[network.family]) {
      const id = idIn(table, bitsOf(network, prefix), now);
      if (id !== null) return { id, rank: specificity({ family: network.family, prefix }) };
    }
    return null;
  }

  function findIp(sought: readonly string[], now: Date): number | null {
    if (texts.ip.size + lengths[4].length + lengths[6].length === 0) return null;
    let best: ReturnType<typeof findCovering> = null;
    let last: string | null = null;
    for (const text of sought) {
      // Most clients declare the address that is observed.
      const found = text === last ? null : findCovering(text, now);
      if (found && (best === null || found.rank > best.rank)) best = found;
      last = text;
    }
    return best?.id ?? null;
  }

  for (const entry of entries) add(entry);
  return { add, remove, find, findIp };
}

/** The first `prefix` bits of a network: up to 32 as a number, more as four characters of 16 bits each. */
function bitsOf({ high, low }: Network, prefix: number): string | number {
  if (prefix <= 32) return keepBits(high, prefix);
  const rest = keepBits(low, prefix - 32);
  return String.fromCharCode(high >>> 16, high & 0xffff, rest >>> 16, rest & 0xffff);
}
