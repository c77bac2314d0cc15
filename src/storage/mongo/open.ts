import type { Storage } from '../port/storage.ts';
import { createVault } from '../vault.ts';
import { createApiKeys } from './bundles/api-keys.ts';
import { createBlacklistReach } from './blacklist-reach.ts';
import { createBlacklist } from './bundles/blacklist.ts';
import { createBundleCache } from './bundles/bundle-cache.ts';
import { openClients } from './database/clients.ts';
import { createMongoStore } from './connection.ts';
import { createCoordination } from './coordination.ts';
import { createChecks } from './checks/checks.ts';
import { createCustomers } from './customers/customers.ts';
import { createEffects } from './effects.ts';
import { fillFoldedFields } from './database/fill-folded-fields.ts';
import { fillModelFields } from './database/fill-model-fields.ts';
import { fillSearchFields } from './database/fill-search-fields.ts';
import { createGuilds } from './bundles/guilds.ts';
import { createLicenses } from './licenses/licenses.ts';
import { createModels, createIndexes } from './database/models.ts';
import { createNewestEntries } from './newest-entries.ts';
import { createPing } from './ping.ts';
import { createProducts } from './bundles/products.ts';
import { claimDatabase } from './database/meta.ts';
import { readReplicaSet } from './database/replica-set.ts';
import { createRecords } from './records.ts';
import { respellKey } from './database/respell-key.ts';
import { createOutbox } from './outbox.ts';
import { asStoreError } from './errors.ts';
import { createUpkeep } from './upkeep.ts';

export interface MongoOptions {
  readonly uri: string;
  readonly masterKey: Buffer;
  readonly clock: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** false: an empty database is an error; true when left out. */
  readonly mayMakeStore?: boolean;
  /** Called with the reason each time checks are answered `store-unavailable`. */
  readonly onError?: (error: unknown) => void;
  /** From a check's arrival until it is answered `store-unavailable`; 1,800 when left out. */
  readonly checkDeadlineMs?: number;
  /** How long a change waits for a primary, and how long it is repeated after conflicts; 5,000 when left out. */
  readonly changeTimeoutMs?: number;
}

/**
 * Opens the store on a MongoDB replica set, which any number of processes share. Makes missing indexes. Rejects with
 * one sentence for the operator when the database cannot be reached or must not be opened with this program or master
 * key.
 */
export async function openMongoStorage(options: MongoOptions): Promise<Storage> {
  const { uri, clock: now, random, checkDeadlineMs = 1_800, changeTimeoutMs = 5_000, mayMakeStore = true } = options;
  const vault = createVault(options.masterKey);
  const onError = options.onError ?? (() => undefined);
  const clients = await openClients(uri, { checkDeadlineMs, changeTimeoutMs });
  const models = createModels(clients.writes.connection);
  const checkModels = createModels(clients.checks.connection);
  const outbox = createOutbox({ models, vault, now, random, changeTimeoutMs });
  const cache = createBundleCache({ models, vault, topology: clients.writes.topology });
  const store = createMongoStore({ models, vault, now, random, outbox, changeTimeoutMs, cache });
  try {
    await claimDatabase(models, { vault, mayMakeStore, isCopyTarget: false });
    await createIndexes(models);
    await fillModelFields(models, vault);
    await fillSearchFields(models, true);
    await fillFoldedFields(models, vault, (license, key) => respellKey(store, license, key));
  } catch (error) {
    await clients.close();
    throw asStoreError(error);
  }

  // A failure here does not prevent the opening: claiming effects and ending licenses try it again.
  await outbox.finishAbandoned().catch((error: unknown) => {
    onError(asStoreError(error));
  });

  const decisions = createChecks({
    models: checkModels,
    topology: clients.checks.topology,
    vault,
    now,
    random,
    cache: createBundleCache({ models: checkModels, vault, topology: clients.checks.topology }),
    deadlineMs: checkDeadlineMs,
    onError,
  });

  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    await decisions.drain();
    await clients.close();
  }

  return {
    ...createGuilds(store),
    ...createCustomers(store),
    ...createProducts(store),
    ...createLicenses(store),
    ...createApiKeys(store),
    ...createBlacklist(store),
    ...createBlacklistReach(store),
    ...createRecords(store),
    ...createEffects(store),
    ...createCoordination(store),
    ...createUpkeep(store),
    ...decisions,
    ping: createPing(checkModels, now),
    newestEntries: createNewestEntries(store),
    replicaSet: () => store.run(() => readReplicaSet(clients.writes.connection, models)),
    backup: () => Promise.reject(new Error('MongoDB is backed up with mongodump: see docs/operations.md.')),
    close: () => (closing ??= close()),
  };
}
