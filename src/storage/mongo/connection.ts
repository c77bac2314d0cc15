import type { Bundle } from '../../domain/snapshot.ts';
import type { Vault } from '../vault.ts';
import type { BundleCache } from './bundles/bundle-cache.ts';
import type { Models } from './database/models.ts';
import type { Outbox } from './outbox.ts';
import { asStoreError } from './errors.ts';

/**
 * What every method of the port but the checks works with: models on the write connection, and how changes are made.
 */
export interface MongoStore {
  readonly models: Models;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly outbox: Outbox;
  /** How long a change is repeated that conflicts with others: see `retryOnConflict`. */
  readonly changeTimeoutMs: number;
  /** Wraps the whole of a method of the port: errors of MongoDB become `StoreUnavailableError`. */
  run<T>(body: () => Promise<T>): Promise<T>;
  /** The guild's bundle, including every change confirmed before the call; null: no such guild. */
  bundle(guildId: string): Promise<Bundle | null>;
}

export interface MongoStoreOptions extends Omit<MongoStore, 'run' | 'bundle'> {
  readonly cache: BundleCache;
}

export function createMongoStore({ cache, ...parts }: MongoStoreOptions): MongoStore {
  return {
    ...parts,
    run: async (body) => {
      try {
        return await body();
      } catch (error) {
        throw asStoreError(error);
      }
    },
    bundle: async (guildId) => {
      await cache.refresh(parts.now());
      void cache.keepUp(parts.now());
      return cache.bundle(guildId);
    },
  };
}
