import type { Bundle } from '../../domain/snapshot.ts';
import type { Vault } from '../vault.ts';
import type { BundleCache } from './bundles/bundle-cache.ts';
import type { Models } from './models.ts';
import type { Outbox } from './outbox.ts';
import { asStoreError } from './errors.ts';

/** What people's actions, jobs and the command line work on: the patient connection. */
export interface MongoStore {
  readonly models: Models;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly outbox: Outbox;
  /** How long a change is tried again that lost against another one. */
  readonly changeTimeoutMs: number;
  /** Around the whole of every method of the port: trouble becomes a `StoreUnavailableError`. */
  run<T>(body: () => Promise<T>): Promise<T>;
  /** As of now or later. null: no such guild. */
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
      return cache.bundle(guildId);
    },
  };
}
