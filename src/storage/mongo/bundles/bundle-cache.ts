import type { Bundle, CheckBundle } from '../../../domain/snapshot.ts';
import type { Product } from '../../../domain/product.ts';
import { minuteMs } from '../../../domain/values/calendar.ts';
import { createGuildDirectory, type GuildDirectory } from '../../guild-directory.ts';
import { createProductReader } from '../../product-reader.ts';
import type { Vault } from '../../vault.ts';
import { batchesOf } from './batches.ts';
import { readChanges } from './bundle-version.ts';
import { createGuildBlacklist, type GuildBlacklist } from './guild-blacklist.ts';
import { apiKeyOf, guildProjection, guildOf, productOf, settingsOf } from './documents.ts';
import type { Topology } from '../database/clients.ts';
import type { Change } from '../documents.ts';
import type { Models } from '../database/models.ts';

/**
 * The guilds' bundles in memory, as of one bundle version. The client of the checks and the one for writes have a cache
 * each: a cache holds what one primary showed, and the two clients may notice a new primary at different times.
 */
export interface BundleCache {
  readonly directory: GuildDirectory;
  /** Whether the cache is as of this bundle version and primary, and no reload is due. */
  isCurrent(bundleVersion: number, now: Date): boolean;
  /** Brings the cache up to every change that was confirmed before the call. */
  refresh(now: Date): Promise<void>;
  /** A guild's bundle as of the last refresh or later; null: no such guild. */
  bundle(guildId: string): Promise<Bundle | null>;
  /** The bundles of several guilds with their blacklists, read in parallel. */
  bundles(guildIds: readonly string[]): Promise<readonly ReadBundle[]>;
  /** A guild's bundle if it is in memory with its blacklist; undefined: it has to be read. */
  peek(guildId: string): CheckBundle | undefined;
}

type ReadBundle =
  | { readonly guildId: string; readonly bundle: CheckBundle | null }
  | { readonly guildId: string; readonly failure: unknown };

export interface BundleCacheOptions {
  readonly models: Models;
  readonly vault: Vault;
  readonly topology: Topology;
}

interface LoadedGuild {
  bundle: Bundle;
  /** null: its blacklist is not in memory, because no check has asked for the guild. */
  forChecks: CheckBundle | null;
  readonly products: Map<number, Product>;
}

/**
 * After this time everything but the blacklists is read again. It is a safety net for changes made by hand in the
 * database, which raise no bundle version; changes of dead processes do not need it, because others finish them.
 * Blacklists are left out, because reading 100,000 entries again would delay all checks.
 */
const maxAgeMs = minuteMs;

export function createBundleCache({ models, vault, topology }: BundleCacheOptions): BundleCache {
  const directory = createGuildDirectory(vault);
  const guilds = new Map<string, LoadedGuild>();
  const blacklists = new Map<string, GuildBlacklist>();
  let bundleVersion: number | null = null;
  /** The primary that the cache was read from. On another one the same bundle version may stand for other changes. */
  let loadedFrom: string | null = null;
  let loadedAt = 0;
  /** Resolves when the last read that was queued has ended. */
  let lastRead: Promise<unknown> = Promise.resolve();

  /** Runs the reads for the cache one after the other, so that a late answer never overwrites a newer one. */
  function enqueue<T>(body: () => Promise<T>): Promise<T> {
    const result = lastRead.then(body, body);
    lastRead = result.catch(() => undefined);
    return result;
  }

  function isReloadDue(now: Date): boolean {
    const age = now.getTime() - loadedAt;
    return bundleVersion === null || age < 0 || age >= maxAgeMs;
  }

  /** Incomplete while it runs, which no check sees: its group waits for `refresh`. */
  async function loadDirectory(): Promise<void> {
    const [apiKeys, guildIds] = await Promise.all([
      models.apiKeys.find().lean(),
      models.guilds.find({ gone: false }).select({ teamId: 1, userId: 1 }).lean(),
    ]);
    directory.clear();
    for (const apiKey of apiKeys) directory.setApiKey(Buffer.from(apiKey.hash, 'base64url'), apiKeyOf(apiKey));
    for (const { _id: id, teamId, userId } of guildIds) directory.setGuild({ id, teamId, userId });
    for await (const batch of batchesOf(models.products, { gone: false }, ['_id', 'guildId'])) {
      for (const { _id, guildId } of batch) directory.setProduct(_id, guildId);
    }
  }

  async function reloadApiKey(guildId: string, id: number): Promise<void> {
    const apiKey = await models.apiKeys.findOne({ _id: id, guildId }).lean();
    if (apiKey) directory.setApiKey(Buffer.from(apiKey.hash, 'base64url'), apiKeyOf(apiKey));
    else directory.removeApiKey(id);
  }

  /**
   * The change log may name a removed product late or twice: its number may belong to another guild's product by now.
   */
  async function reloadProduct(guildId: string, id: number): Promise<void> {
    const found = await models.products.findOne({ _id: id, gone: false }).lean();
    if (found) directory.setProduct(id, found.guildId);
    else directory.removeProduct(id);
    const loaded = guilds.get(guildId);
    if (!loaded) return;
    if (found?.guildId === guildId) loaded.products.set(id, productOf(found));
    else loaded.products.delete(id);
    loaded.bundle = { ...loaded.bundle, products: createProductReader(loaded.products.values()) };
    if (loaded.forChecks) loaded.forChecks = { ...loaded.forChecks, products: loaded.bundle.products };
  }

  /** The changed entries of a guild are read at once: hundreds may have been added since the last check. */
  function reloadEntries(changes: readonly Change[]): readonly Promise<void>[] {
    const ofBlacklists = Map.groupBy(
      changes.filter(({ kind }) => kind === 'blacklist'),
      ({ guildId }) => guildId,
    );
    return [...ofBlacklists].map(async ([guildId, changed]) => {
      await blacklists.get(guildId)?.reload(changed.map(({ ref }) => Number(ref)));
    });
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
        return;
    }
  }

  async function refresh(now: Date): Promise<void> {
    const primary = topology.primary();
    if (primary !== loadedFrom) bundleVersion = null;
    const isFullReload = isReloadDue(now);
    const { bundleVersion: current, changes } = await readChanges(models, bundleVersion ?? Infinity);
    // Stays null if anything below fails: a cache that was changed half way is then loaded whole the next time.
    bundleVersion = null;
    const distinct = new Map((changes ?? []).map((change) => [JSON.stringify(change), change]));
    // In parallel, because hundreds of reads one after the other would take longer than a check may wait. All of them
    // are awaited, also when one fails, so that none is still changing the cache when the next read begins.
    const applied = await Promise.allSettled([...[...distinct.values()].map(apply), ...reloadEntries(changes ?? [])]);
    for (const result of applied) if (result.status === 'rejected') throw result.reason;
    if (!changes) blacklists.clear();
    if (!changes || isFullReload) {
      guilds.clear();
      loadedAt = now.getTime();
    }
    if (!changes || isFullReload || changes.some(({ kind }) => kind === 'guild')) await loadDirectory();
    bundleVersion = current;
    loadedFrom = primary;
  }

  async function readGuild(guildId: string): Promise<LoadedGuild | null> {
    const [guild, found] = await Promise.all([
      models.guilds.findOne({ _id: guildId, gone: false }).select(guildProjection).lean(),
      models.products.find({ guildId, gone: false }).lean(),
    ]);
    if (!guild) return null;
    const products = new Map(found.map((product) => [product._id, productOf(product)]));
    const bundle = {
      guild: guildOf(guild),
      settings: settingsOf(guild),
      products: createProductReader(products.values()),
    };
    const loaded = { bundle, forChecks: null, products };
    guilds.set(guildId, loaded);
    return loaded;
  }

  const loadGuild = async (guildId: string) => guilds.get(guildId) ?? readGuild(guildId);

  async function loadForChecks(guildId: string): Promise<CheckBundle | null> {
    const loaded = await loadGuild(guildId);
    if (!loaded) return null;
    if (loaded.forChecks) return loaded.forChecks;
    const blacklist = blacklists.get(guildId) ?? (await createGuildBlacklist(models, guildId));
    blacklists.set(guildId, blacklist);
    return (loaded.forChecks = { ...loaded.bundle, blacklist });
  }

  async function tryLoadGuild(guildId: string): Promise<ReadBundle> {
    try {
      return { guildId, bundle: await loadForChecks(guildId) };
    } catch (failure) {
      return { guildId, failure };
    }
  }

  return {
    directory,
    isCurrent: (current, now) => bundleVersion === current && loadedFrom === topology.primary() && !isReloadDue(now),
    refresh: (now) => enqueue(() => refresh(now)),
    peek: (guildId) => guilds.get(guildId)?.forChecks ?? undefined,
    bundle: async (guildId) => (guilds.get(guildId) ?? (await enqueue(() => loadGuild(guildId))))?.bundle ?? null,
    bundles: (guildIds) => enqueue(() => Promise.all(guildIds.map(tryLoadGuild))),
  };
}
