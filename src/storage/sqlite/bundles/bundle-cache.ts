import { minuteMs } from '../../../domain/values/calendar.ts';
import type { CheckBundle } from '../../../domain/snapshot.ts';
import type { Product } from '../../../domain/product.ts';
import { createGuildDirectory, type GuildDirectory } from '../../guild-directory.ts';
import { createProductReader } from '../../product-reader.ts';
import type { Vault } from '../../vault.ts';
import { createGuildBlacklist, type GuildBlacklist } from './guild-blacklist.ts';
import { createTurns } from './turns.ts';
import { type GuildRow, guildOf, readProduct, readProducts, readSettings } from './rows.ts';
import { createDirectorySource } from './directory-source.ts';
import { type Change, changesBetween, readBundleVersion } from './bundle-version.ts';
import type { Prepare } from '../database/database.ts';

/**
 * The bundles and the guild directory, in memory, as of one bundle version. Callers are inside a transaction and call
 * `refresh` first. Everything here is synchronous, so one cache serves both connections of a process.
 */
export interface BundleCache {
  /** Reloads what changed, so that the cache is as of the caller's transaction. */
  refresh(statement: Prepare, now: Date): void;
  /** Called after a rollback, because the cache may hold what was rolled back: the next `refresh` loads everything. */
  clear(): void;
  /** False if nothing is loaded, or if the last reading of everything began longer than a minute ago. */
  isFresh(now: Date): boolean;
  /** Holds what checks asked for, and reads the rest in the caller's transaction. */
  readonly directory: GuildDirectory;
  /** null: there is no such guild. */
  bundle(statement: Prepare, guildId: string): CheckBundle | null;
}

interface LoadedGuild {
  bundle: CheckBundle;
  readonly products: Map<number, Product>;
  /** Whether a check or a person asked for it since it was read. */
  isAsked: boolean;
}

/**
 * After this time what checks ask for is read again. That is only a safety net against defects and edits by hand, because
 * bundle version and data are one commit; so each guild is read in a turn of its own, while checks use what is in memory.
 * Blacklists are excluded, because 100,000 entries take a third of a second of the processor.
 */
const maxAgeMs = minuteMs;

export function createBundleCache(vault: Vault): BundleCache {
  /** Of the connection that the cache was last asked on: what is not in memory yet is read on it. */
  let current: Prepare;
  const prepare: Prepare = (sql) => current(sql);
  const directory = createGuildDirectory(vault, createDirectorySource(prepare));
  const guilds = new Map<string, LoadedGuild>();
  const blacklists = new Map<string, GuildBlacklist>();
  const inTurn = createTurns();
  let bundleVersion: number | null = null;
  let loadedAt = 0;

  function isFresh(now: Date): boolean {
    const age = now.getTime() - loadedAt;
    return bundleVersion !== null && age >= 0 && age < maxAgeMs;
  }

  function reloadProduct(statement: Prepare, guildId: string, loaded: LoadedGuild, id: number): void {
    const product = readProduct(statement, guildId, id);
    if (product) loaded.products.set(id, product);
    else loaded.products.delete(id);
    loaded.bundle = { ...loaded.bundle, products: createProductReader(loaded.products.values()) };
  }

  function apply(statement: Prepare, change: Change): void {
    const { guildId, kind, ref } = change;
    if (kind === 'guild') directory.clear();
    if (kind === 'api-key') directory.removeApiKey(Number(ref));
    if (kind === 'product') directory.removeProduct(Number(ref));
    const loaded = guilds.get(guildId);
    if (kind === 'guild') {
      guilds.delete(guildId);
      blacklists.get(guildId)?.drop();
      blacklists.delete(guildId);
    }
    if (kind === 'settings' && loaded) {
      loaded.bundle = { ...loaded.bundle, settings: readSettings(statement, guildId) };
    }
    if (kind === 'product' && loaded) reloadProduct(statement, guildId, loaded, Number(ref));
    if (kind === 'blacklist') blacklists.get(guildId)?.reload(Number(ref));
  }

  function blacklistOf(guildId: string): GuildBlacklist {
    let blacklist = blacklists.get(guildId);
    if (!blacklist) {
      blacklist = createGuildBlacklist(guildId, prepare, inTurn);
      blacklists.set(guildId, blacklist);
    }
    return blacklist;
  }

  function dropBlacklists(): void {
    for (const blacklist of blacklists.values()) blacklist.drop();
    blacklists.clear();
  }

  /** Forgets the guilds that no one asked for, and reads the others again, each in a turn of its own. */
  function reloadInTurns(): void {
    for (const [guildId, loaded] of guilds) {
      if (!loaded.isAsked) guilds.delete(guildId);
      inTurn(() => {
        if (guilds.get(guildId) !== loaded) return;
        guilds.delete(guildId);
        readGuild(current, guildId);
      });
    }
  }

  function readGuild(statement: Prepare, guildId: string): LoadedGuild | null {
    const row = statement('SELECT * FROM guilds WHERE id = ?').get(guildId);
    if (!row) return null;
    const products = new Map(readProducts(statement, guildId).map((product) => [product.id, product]));
    const bundle = {
      guild: guildOf(row as unknown as GuildRow),
      settings: readSettings(statement, guildId),
      products: createProductReader(products.values()),
      blacklist: blacklistOf(guildId),
    };
    const loaded = { bundle, products, isAsked: false };
    guilds.set(guildId, loaded);
    return loaded;
  }

  return {
    directory,
    isFresh,
    refresh: (statement, now) => {
      current = statement;
      const stored = readBundleVersion(statement);
      const isDue = !isFresh(now);
      const changes = bundleVersion === null ? null : changesBetween(statement, bundleVersion, stored);
      if (changes) {
        for (const change of changes) apply(statement, change);
      } else {
        guilds.clear();
        dropBlacklists();
      }
      if (!changes || isDue) {
        reloadInTurns();
        directory.clear();
        loadedAt = now.getTime();
      }
      bundleVersion = stored;
    },
    clear: () => {
      bundleVersion = null;
    },
    bundle: (statement, guildId) => {
      current = statement;
      const loaded = guilds.get(guildId) ?? readGuild(statement, guildId);
      if (!loaded) return null;
      loaded.isAsked = true;
      return loaded.bundle;
    },
  };
}
