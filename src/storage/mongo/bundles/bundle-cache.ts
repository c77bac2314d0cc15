import type { BlacklistReader } from '../../../domain/blacklist/blacklist.ts';
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
import { createQueue } from '../queue.ts';

/**
 * The guilds' bundles in memory, as of one bundle version. The client of the checks and the one for writes have a cache
 * each: a cache holds what one primary showed, and the two clients may notice a new primary at different times.
 */
export interface BundleCache {
  /** As of the last refresh or later; another object after each time that it was read again. */
  readonly directory: GuildDirectory;
  /** Whether the cache is as of this bundle version and primary. */
  isCurrent(bundleVersion: number): boolean;
  /** Brings the cache up to every change that was confirmed before the call. */
  refresh(now: Date): Promise<void>;
  /**
   * Reads everything but the blacklists again if that was not done for a minute, while the cache goes on answering. Never
   * rejects: what fails is tried again a minute later.
   */
  keepUp(now: Date): Promise<void>;
  /** A guild's bundle as of the last refresh or later; null: no such guild. */
  bundle(guildId: string): Promise<Bundle | null>;
  /** The bundles of several guilds with their blacklists, read in parallel. */
  bundles(guildIds: readonly string[]): Promise<readonly ReadBundle[]>;
  /** A guild's bundle if it is in memory with all of its blacklist; undefined: it has to be read. */
  peek(guildId: string): CheckBundle | undefined;
}

/** `blacklist` is null where it is not in memory yet: checks ask the database then. */
type ReadBundle =
  | { readonly guildId: string; readonly bundle: null }
  | { readonly guildId: string; readonly bundle: Bundle; readonly blacklist: BlacklistReader | null }
  | { readonly guildId: string; readonly failure: unknown };

export interface BundleCacheOptions {
  readonly models: Models;
  readonly vault: Vault;
  readonly topology: Topology;
}

interface LoadedGuild {
  bundle: Bundle;
  /** Null until a check has asked for the guild while its blacklist was in memory, and after each change. */
  forChecks: CheckBundle | null;
  readonly products: Map<number, Product>;
  /** Whether a check or a person asked for it since it was read. */
  isAsked: boolean;
}

/**
 * After this time everything but the blacklists is read again. It is a safety net for changes made by hand in the
 * database, which raise no bundle version; changes of dead processes do not need it, because others finish them.
 * Blacklists are left out, because 100,000 entries take a second of the processor.
 */
const maxAgeMs = minuteMs;

export function createBundleCache({ models, vault, topology }: BundleCacheOptions): BundleCache {
  let directory = createGuildDirectory(vault);
  const guilds = new Map<string, LoadedGuild>();
  const blacklists = new Map<string, GuildBlacklist>();
  let bundleVersion: number | null = null;
  /** The primary that the cache was read from. On another one the same bundle version may stand for other changes. */
  let loadedFrom: string | null = null;
  let loadedAt = 0;
  /** Counts the changes of what `keepUp` reads: it may have read it before a change that is in the cache by now. */
  let changeCount = 0;
  /** Runs the reads for the cache one after the other, so that a late answer never overwrites a newer one. */
  const enqueue = createQueue();

  async function readDirectory(): Promise<GuildDirectory> {
    const read = createGuildDirectory(vault);
    const [apiKeys, guildIds] = await Promise.all([
      models.apiKeys.find().lean(),
      models.guilds.find({ gone: false }).select({ teamId: 1, userId: 1 }).lean(),
    ]);
    for (const apiKey of apiKeys) read.setApiKey(Buffer.from(apiKey.hash, 'base64url'), apiKeyOf(apiKey));
    for (const { _id: id, teamId, userId } of guildIds) read.setGuild({ id, teamId, userId });
    for await (const batch of batchesOf(models.products, { gone: false }, ['_id', 'guildId'])) {
      for (const { _id, guildId } of batch) read.setProduct(_id, guildId);
    }
    return read;
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
    loaded.forChecks = null;
  }

  /** The changed entries of a guild are read at once: hundreds may have been added since the last check. */
  function reloadEntries(changes: readonly Change[]): readonly Promise<void>[] {
    const ofBlacklists = Map.groupBy(
      changes.filter(({ kind }) => kind === 'blacklist'),
      ({ guildId }) => guildId,
    );
    return [...ofBlacklists].map(async ([guildId, changed]) => {
      await blacklists.get(guildId)?.reload([...new Set(changed.map(({ ref }) => Number(ref)))]);
    });
  }

  async function apply({ guildId, kind, ref }: Change): Promise<void> {
    switch (kind) {
      case 'guild':
        guilds.delete(guildId);
        blacklists.get(guildId)?.drop();
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
    const { bundleVersion: current, changes } = await readChanges(models, bundleVersion ?? Infinity);
    // Stays null if anything below fails: a cache that was changed half way is then loaded whole the next time.
    bundleVersion = null;
    const ofBundles = (changes ?? []).filter(({ kind }) => kind !== 'blacklist');
    if (!changes || ofBundles.length > 0) changeCount += 1;
    const distinct = new Map(ofBundles.map((change) => [JSON.stringify(change), change]));
    // In parallel, because hundreds of reads one after the other would take longer than a check may wait. All of them
    // are awaited, also when one fails, so that none is still changing the cache when the next read begins.
    const applied = await Promise.allSettled([...[...distinct.values()].map(apply), ...reloadEntries(changes ?? [])]);
    for (const result of applied) if (result.status === 'rejected') throw result.reason;
    if (!changes) {
      for (const blacklist of blacklists.values()) blacklist.drop();
      blacklists.clear();
      guilds.clear();
      loadedAt = now.getTime();
    }
    if (!changes || ofBundles.some(({ kind }) => kind === 'guild')) directory = await readDirectory();
    bundleVersion = current;
    loadedFrom = primary;
  }

  /** Guilds that no one asked for are forgotten. */
  async function readAllAgain(): Promise<void> {
    const [before, primary] = [changeCount, loadedFrom];
    const read = await readDirectory();
    const known = [...guilds];
    const again = new Map<string, LoadedGuild | null>();
    for (const [guildId, { isAsked }] of known) if (isAsked) again.set(guildId, await readGuild(guildId));
    if (changeCount !== before || loadedFrom !== primary || topology.primary() !== primary) return;
    directory = read;
    for (const [guildId, seen] of known) {
      if (guilds.get(guildId) !== seen) continue;
      const loaded = again.get(guildId);
      if (loaded) guilds.set(guildId, loaded);
      else guilds.delete(guildId);
    }
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
    return { bundle, forChecks: null, products, isAsked: false };
  }

  function askedGuild(guildId: string): LoadedGuild | undefined {
    const loaded = guilds.get(guildId);
    if (loaded) loaded.isAsked = true;
    return loaded;
  }

  async function loadGuild(guildId: string): Promise<LoadedGuild | null> {
    if (!guilds.has(guildId)) {
      const read = await readGuild(guildId);
      if (read) guilds.set(guildId, read);
    }
    return askedGuild(guildId) ?? null;
  }

  async function loadForChecks(guildId: string): Promise<ReadBundle> {
    const loaded = await loadGuild(guildId);
    if (!loaded) return { guildId, bundle: null };
    const blacklist = blacklists.get(guildId) ?? (await createGuildBlacklist(models, guildId));
    blacklists.set(guildId, blacklist);
    return { guildId, bundle: loaded.bundle, blacklist: blacklist.inMemory() };
  }

  async function tryLoadGuild(guildId: string): Promise<ReadBundle> {
    try {
      return await loadForChecks(guildId);
    } catch (failure) {
      return { guildId, failure };
    }
  }

  function peek(guildId: string): CheckBundle | undefined {
    const loaded = askedGuild(guildId);
    const blacklist = blacklists.get(guildId)?.inMemory();
    if (!loaded || !blacklist) return undefined;
    return (loaded.forChecks ??= { ...loaded.bundle, blacklist });
  }

  return {
    get directory() {
      return directory;
    },
    isCurrent: (current) => bundleVersion === current && loadedFrom === topology.primary(),
    refresh: (now) => enqueue(() => refresh(now)),
    keepUp: async (now) => {
      const age = now.getTime() - loadedAt;
      if (age >= 0 && age < maxAgeMs) return;
      loadedAt = now.getTime();
      await readAllAgain().catch(() => undefined);
    },
    peek,
    bundle: async (guildId) => (askedGuild(guildId) ?? (await enqueue(() => loadGuild(guildId))))?.bundle ?? null,
    bundles: (guildIds) => enqueue(() => Promise.all(guildIds.map(tryLoadGuild))),
  };
}
