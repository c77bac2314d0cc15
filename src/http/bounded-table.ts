import { LRUCache } from 'lru-cache';

/**
 * A map that forgets what was not asked for longest once it holds `most` entries. It grows as it fills: given a `max`, the
 * library would set aside the memory for all of them at start.
 */
export function createBoundedTable<K extends string | number, V extends object | number>(most: number): LRUCache<K, V> {
  return new LRUCache<K, V>({ maxSize: most, sizeCalculation: () => 1 });
}
