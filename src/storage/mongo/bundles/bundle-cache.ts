import { type BlacklistIndex, createBlacklistIndex } from '../../../domain/blacklist.ts';
import type { Bundle } from '../../../domain/snapshot.ts';
import type { Product } from '../../../domain/product.ts';
import { minuteMs } from '../../../domain/calendar.ts';
import { createDirectory, type Directory } from '../../guild-directory.ts';
import { createProductReader } from '../../product-reader.ts';
import type { Vault } from '../../vault.ts';
import { apiKeyOf, blacklistEntryOf, guildFields, guildOf, productOf, settingsOf } from './documents.ts';
import { readChanges } from './bundle-version.ts';
import type { Topology } from '../clients.ts';
import type { Change } from '../documents.ts';
import type { Models } from '../models.ts';

/**
 * What checks need of the guilds, held in memory under the bundle version. Checks and people have one each, because each client
 * has its own idea of who is primary, and what is cached comes from one primary.
 */
export interface BundleCache {
  readonly directory: Directory;
  /** Whether the cache is as of this bundle version, and not due for reading again. */
  isCurrent(bundleVersion: number, now: Date): boolean;
  /** Makes the cache as of now or later. */
  refresh(now: Date): Promise<void>;
  /** As of the last refresh or later; null: no such guild. */
  bundle(guildId: string): Promise<Bundle | null>;
  /** The same of several, read side by side. */
  bundles(guildIds: readonly string[]): Promise<readonly ReadBundle[]>;
  /** The same where it is in memory; undefined: it has to be read. */
  peek(guildId: string): Bundle | undefined;
}

type ReadBundle =
  | { readonly guildId: string; readonly bundle: Bundle | null }
  /** Why it could not be read. */
  | { readonly guildId: string; readonly failure: unknown };

export interface BundleCacheOptions {
  readonly models: Models;
  readonly vault: Vault;
  readonly topology: Topology;
}

interface LoadedGuild {
  bundle: Bundle;
  readonly products: Map<number, Product>;
}

/**
 * A safety net only, for a hand in the database: a change whose process died is finished by others, bundle version included. It
 * leaves the blacklists out, because reading 100,000 entries again would hold up all checks.
 */
const maxAgeMs = minuteMs;

export function createBundleCache({ models, vault, topology }: BundleCacheOptions): BundleCache {
  const directory = createDirectory(vault);
  const guilds = new Map<string, LoadedGuild>();
  const blacklists = new Map<string, BlacklistIndex>();
  let bundleVersion: number | null = null;
  /** The primary that it was read from: on another one the same bundle version may mean other changes. */
  let source: string | null = null;
  let loadedAt = 0;
  /** Everything that reads for the cache, one after the other: a late answer never overwrites a newer one. */
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<T>(body: () => Promise<T>): Promise<T> {
    const result = turn.then(body, body);
    turn = result.catch(() => undefined);
    return result;
  }

  function isDue(now: Date): boolean {
    const age = now.getTime() - loadedAt;
    return bundleVersion === null || age < 0 || age >= maxAgeMs;
  }

  async function loadDirectory(): Promise<void> {
    const [apiKeys, known, products] = await Promise.all([
      models.apiKeys.find().lean(),
      models.guilds.find({ gone: false }).select({ teamId: 1, userId: 1 }).lean(),
      models.products.find({ gone: false }).select({ guildId: 1 }).lean(),
    ]);
    directory.clear();
    for (const apiKey of apiKeys) directory.setApiKey(Buffer.from(apiKey.hash, 'base64url'), apiKeyOf(apiKey));
    for (const { _id: id, teamId, userId } of known) directory.setGuild({ id, teamId, userId });
    for (const { _id, guildId } of products) directory.setProduct(_id, guildId);
  }

  async function reloadApiKey(guildId: string, id: number): Promise<void> {
    const apiKey = await models.apiKeys.findOne({ _id: id, guildId }).lean();
    if (apiKey) directory.setApiKey(Buffer.from(apiKey.hash, 'base64url'), apiKeyOf(apiKey));
    else directory.removeApiKey(id);
  }

  /** Told late, or twice, that a product went, the number may be another guild's by now. */
  async function reloadProduct(guildId: string, id: number): Promise<void> {
    const found = await models.products.findOne({ _id: id, gone: false }).lean();
    if (found) directory.setProduct(id, found.guildId);
    else directory.removeProduct(id);
    const loaded = guilds.get(guildId);
    if (!loaded) return;
    if (found?.guildId === guildId) loaded.products.set(id, productOf(found));
    else loaded.products.delete(id);
    loaded.bundle = { ...loaded.bundle, products: createProductReader(loaded.products.values()) };
  }

  async function reloadEntry(guildId: string, id: number): Promise<void> {
    const blacklist = blacklists.get(guildId);
    if (!blacklist) return;
    const entry = await models.blacklist.findOne({ _id: id, guildId, gone: false }).lean();
    blacklist.remove(id);
    if (entry) blacklist.add(blacklistEntryOf(entry));
  }

  async function apply({ guildId, kind, ref }: Change): Promise<void> {
    switch (kind) {
      case 'guild':
        guilds.delete(guildId);
        blacklists.delete(guildId);
        return;
      case 'settings':
        guilds.delete(guildId);
        return;
      case 'product':
        return reloadProduct(guildId, Number(ref));
      case 'api-key':
        return reloadApiKey(guildId, Number(ref));
      case 'blacklist':
        return reloadEntry(guildId, Number(ref));
    }
  }

  async function refresh(now: Date): Promise<void> {
    const primary = topology.primary();
    if (primary !== source) bundleVersion = null;
    const wasDue = isDue(now);
    const { bundleVersion: current, changes } = await readChanges(models, bundleVersion ?? Infinity);
    // Until it is done the cache is as of no bundle version: what fails half way is loaded whole the next time.
    bundleVersion = null;
    const distinct = new Map((changes ?? []).map((change) => [JSON.stringify(change), change]));
    // Side by side, because hundreds one after the other would outlast a check. Nobody reads for the cache until the last.
    const applied = await Promise.allSettled([...distinct.values()].map(apply));
    for (const result of applied) if (result.status === 'rejected') throw result.reason;
    if (!changes) blacklists.clear();
    if (!changes || wasDue) {
      guilds.clear();
      loadedAt = now.getTime();
    }
    if (!changes || wasDue || changes.some(({ kind }) => kind === 'guild')) await loadDirectory();
    bundleVersion = current;
    source = primary;
  }

  async function readBlacklist(guildId: string): Promise<BlacklistIndex> {
    const entries = await models.blacklist.find({ guildId, gone: false }).lean();
    const blacklist = createBlacklistIndex(entries.map(blacklistEntryOf));
    blacklists.set(guildId, blacklist);
    return blacklist;
  }

  async function readGuild(guildId: string): Promise<Bundle | null> {
    const [guild, found] = await Promise.all([
      models.guilds.findOne({ _id: guildId, gone: false }).select(guildFields).lean(),
      models.products.find({ guildId, gone: false }).lean(),
    ]);
    if (!guild) return null;
    const products = new Map(found.map((product) => [product._id, productOf(product)]));
    const bundle = {
      guild: guildOf(guild),
      settings: settingsOf(guild),
      products: createProductReader(products.values()),
      blacklist: blacklists.get(guildId) ?? (await readBlacklist(guildId)),
    };
    guilds.set(guildId, { bundle, products });
    return bundle;
  }

  const loadGuild = async (guildId: string) => guilds.get(guildId)?.bundle ?? readGuild(guildId);

  async function tryGuild(guildId: string): Promise<ReadBundle> {
    try {
      return { guildId, bundle: await loadGuild(guildId) };
    } catch (failure) {
      return { guildId, failure };
    }
  }

  return {
    directory,
    isCurrent: (current, now) => bundleVersion === current && source === topology.primary() && !isDue(now),
    refresh: (now) => inTurn(() => refresh(now)),
    peek: (guildId) => guilds.get(guildId)?.bundle,
    bundle: async (guildId) => guilds.get(guildId)?.bundle ?? inTurn(() => loadGuild(guildId)),
    bundles: (guildIds) => inTurn(() => Promise.all(guildIds.map(tryGuild))),
  };
}
