import type { ApiKey, Scope } from '../../../domain/api-key.ts';
import type { BlacklistEntry, BlacklistType } from '../../../domain/blacklist/blacklist.ts';
import type { Guild } from '../../../domain/guild.ts';
import type { Product } from '../../../domain/product.ts';
import { defaultSettings, type Settings } from '../../../domain/settings/settings.ts';
import { foldName } from '../../../domain/values/text.ts';
import { publicKeysOf, type SealedSystemKey } from '../../challenge-keys.ts';
import type { Row } from '../columns.ts';
import type { Prepare } from '../database/database.ts';
import { dateOf } from '../fields.ts';
import { productColumns, releaseColumns } from './product-columns.ts';

// The rows of these tables, as `SELECT *` returns them, and how each is read. For the writers see migrations.ts.

export interface GuildRow {
  readonly id: string;
  readonly name: string;
  readonly team_id: string;
  readonly user_id: string;
  readonly public_key: string;
  /** JSON: see `readSystemKeys`. */
  readonly system_keys: string;
  readonly created_at: number;
}

export function guildOf(row: GuildRow): Guild {
  return {
    id: row.id,
    name: row.name,
    teamId: row.team_id,
    userId: row.user_id,
    publicKey: row.public_key,
    ...publicKeysOf(readSystemKeys(row.system_keys)),
    createdAt: new Date(row.created_at),
  };
}

type StoredSystemKey = Omit<SealedSystemKey, 'privateKey'> & { readonly privateKey: string };

/** The challenge keys of single systems; the column holds them as JSON, with the sealed private keys in base64. */
export function readSystemKeys(json: string): readonly SealedSystemKey[] {
  const stored = JSON.parse(json) as readonly StoredSystemKey[];
  return stored.map((key) => ({ ...key, privateKey: Buffer.from(key.privateKey, 'base64') }));
}

export function writeSystemKeys(keys: readonly SealedSystemKey[]): string {
  const stored = keys.map(({ system, publicKey, privateKey }): StoredSystemKey => {
    return { system, publicKey, privateKey: Buffer.from(privateKey).toString('base64') };
  });
  return JSON.stringify(stored);
}

/** Only settings that were changed are stored, each as JSON under its key; all others have their defaults. */
export function readSettings(statement: Prepare, guildId: string): Settings {
  const rows = statement('SELECT key, value FROM settings WHERE guild_id = ?').all(guildId);
  const changed = rows
    .map(({ key, value }) => [key as string, JSON.parse(value as string)] as const)
    .filter(([key]) => Object.hasOwn(defaultSettings, key));
  return { ...defaultSettings, ...(Object.fromEntries(changed) as Partial<Settings>) };
}

/** Two reads for all of the guild's products: the names of one product alone could not be found by an index. */
function productReaderOf(statement: Prepare, guildId: string): (row: Row) => Product {
  const names = statement('SELECT product_id AS productId, folded, name FROM product_names WHERE guild_id = ?');
  const releases = statement(`
    SELECT releases.* FROM products CROSS JOIN releases ON releases.product_id = products.id
    WHERE products.guild_id = ? ORDER BY releases.created_at, releases.version`);
  const namesOf = Map.groupBy(names.all(guildId), ({ productId }) => productId as number);
  const releasesOf = Map.groupBy(releases.all(guildId), ({ product_id: id }) => id as number);
  return (row) => {
    const product = productColumns.fromRow(row);
    const folded = foldName(product.name);
    const aliases = (namesOf.get(product.id) ?? []).filter((known) => known.folded !== folded);
    return {
      ...product,
      aliases: aliases.map(({ name }) => name as string),
      releases: (releasesOf.get(product.id) ?? []).map(releaseColumns.fromRow),
    };
  };
}

/** A guild's products, deleted ones included. */
export function readProducts(statement: Prepare, guildId: string): readonly Product[] {
  const rows = statement('SELECT * FROM products WHERE guild_id = ?').all(guildId);
  return rows.map(productReaderOf(statement, guildId));
}

export function readProduct(statement: Prepare, guildId: string, id: number): Product | null {
  const row = statement('SELECT * FROM products WHERE id = ? AND guild_id = ?').get(id, guildId);
  return row ? productReaderOf(statement, guildId)(row) : null;
}

export interface ApiKeyRow {
  readonly id: number;
  readonly guild_id: string;
  readonly name: string;
  readonly hash: Uint8Array;
  readonly scopes: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
}

export function apiKeyOf(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    guildId: row.guild_id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as readonly Scope[],
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    expiresAt: dateOf(row.expires_at),
    revokedAt: dateOf(row.revoked_at),
  };
}

export interface BlacklistRow {
  readonly id: number;
  readonly guild_id: string;
  readonly type: BlacklistType;
  readonly value: string;
  readonly match: string;
  readonly reason: string | null;
  readonly expires_at: number | null;
  readonly hits: number;
  readonly created_at: number;
  readonly created_by: string;
}

export function blacklistEntryOf(row: BlacklistRow): BlacklistEntry {
  return {
    id: row.id,
    guildId: row.guild_id,
    type: row.type,
    value: row.value,
    match: row.match,
    reason: row.reason,
    expiresAt: dateOf(row.expires_at),
    hits: row.hits,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
  };
}
