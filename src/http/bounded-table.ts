export interface BoundedTableOptions<K, V> {
  /** What the table may take of memory. Beyond that, the entries that were not used for the longest time are dropped. */
  readonly maxBytes: number;
  /** An estimate; the table's own share, `entryBytes`, is added. */
  readonly bytesOf: (key: K, value: V) => number;
  /** An entry is kept for at least this time after its last use, while there is memory, and dropped within twice of it. */
  readonly lifetimeMs: number;
}

export interface BoundedTable<K, V> {
  get(key: K): V | undefined;
  /** `at`: the time now, in milliseconds. A value is replaced, never changed in a way that changes its size. */
  set(key: K, value: V, at: number): void;
  delete(key: K): void;
  /** Drops what has outlived its time. Called now and then, so that memory is given back also after the last `set`. */
  sweep(at: number): void;
  readonly size: number;
  readonly bytes: number;
}

/** What a `Map` of V8 takes for an entry on average, with the room that it keeps free. */
const entryBytes = 48;

class Generation<K, V> {
  readonly entries = new Map<K, V>();
  bytes = 0;
}

/**
 * A map whose memory is bounded. It consists of two generations, of which the older one is dropped as a whole when the
 * newer one has filled half of the memory or is old enough. Nothing is sorted or linked, as it would be in an LRU cache,
 * whose entries are also several times as large.
 */
export function createBoundedTable<K extends string | number, V extends object | number>({
  maxBytes,
  bytesOf,
  lifetimeMs,
}: BoundedTableOptions<K, V>): BoundedTable<K, V> {
  let newer = new Generation<K, V>();
  let older = new Generation<K, V>();
  let startedAt = 0;

  const sizeOf = (key: K, value: V) => entryBytes + bytesOf(key, value);

  function remove(generation: Generation<K, V>, key: K): void {
    const value = generation.entries.get(key);
    if (value === undefined) return;
    generation.entries.delete(key);
    generation.bytes -= sizeOf(key, value);
  }

  function add(key: K, value: V): void {
    const former = newer.entries.get(key);
    newer.entries.set(key, value);
    newer.bytes += sizeOf(key, value) - (former === undefined ? 0 : sizeOf(key, former));
    if (newer.bytes > maxBytes / 2) turnOver();
  }

  function turnOver(): void {
    older = newer;
    newer = new Generation();
  }

  /** A clock that was set back begins a new generation, too: the time until then cannot be measured. */
  function sweep(at: number): void {
    if (Math.abs(at - startedAt) < lifetimeMs) return;
    startedAt = at;
    turnOver();
  }

  return {
    get: (key) => {
      const value = newer.entries.get(key);
      if (value !== undefined || older.entries.size === 0) return value;
      const used = older.entries.get(key);
      if (used === undefined) return undefined;
      remove(older, key);
      add(key, used);
      return used;
    },
    set: (key, value, at) => {
      sweep(at);
      if (older.entries.size > 0) remove(older, key);
      add(key, value);
    },
    delete: (key) => {
      remove(newer, key);
      remove(older, key);
    },
    sweep,
    get size() {
      return newer.entries.size + older.entries.size;
    },
    get bytes() {
      return newer.bytes + older.bytes;
    },
  };
}
