import { LRUCache } from 'lru-cache';

/**
 * A map of at most `maxEntries`: beyond them it drops the least recently used one. It grows as it fills, which is why the
 * limit is given as a size: with a `max`, lru-cache would allocate the memory for all entries at once.
 */
export function createBoundedTable<K extends string | number, V extends object | number>(
  maxEntries: number,
): LRUCache<K, V> {
  return new LRUCache<K, V>({ maxSize: maxEntries, sizeCalculation: () => 1 });
}
