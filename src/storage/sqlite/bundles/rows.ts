import type { ApiKey, Scope } from '../../../domain/api-key.ts';
import type { BlacklistEntry, BlacklistType } from '../../../domain/blacklist.ts';
import type { Guild } from '../../../domain/guild.ts';
import type { InheritableLimits } from '../../../domain/limits.ts';
import type { Product, ReleaseStatus, VersionPolicy } from '../../../domain/product.ts';
import { defaultSettings, type Settings } from '../../../domain/settings.ts';
import { foldText } from '../../../domain/text.ts';
import type { Prepare } from '../database.ts';
import { dateOf } from '../licenses/rows.ts';

/** `*` of these tables; how each row is read. Writers use the same spelling: see the table definitions. */

export interface GuildRow {
  readonly id: string;
  readonly name: string;
  readonly team_id: string;
  readonly user_id: string;
  readonly public_key: string;
  readonly created_at: number;
}

export function guildOf(row: GuildRow): Guild {
  return {
    id: row.id,
    name: row.name,
    teamId: row.team_id,
    userId: row.user_id,
    publicKey: row.public_key,
    createdAt: new Date(row.created_at),
  };
}

/** Stored are the settings that were changed, each as JSON under its key; all others are the defaults. */
export function readSettings(statement: Prepare, guildId: string): Settings {
  const rows = statement('SELECT key, value FROM settings WHERE guild_id = ?').all(guildId);
  const changed = rows
    .map(({ key, value }) => [key as string, JSON.parse(value as string)] as const)
    .filter(([key]) => Object.hasOwn(defaultSettings, key));
  return { ...defaultSettings, ...(Object.fromEntries(changed) as Partial<Settings>) };
}

interface ProductRow {
  readonly id: number;
  readonly uuid: string;
  readonly guild_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly version: string | null;
  readonly version_policy: VersionPolicy;
  readonly buyer_role_id: string | null;
  readonly claim_role_id: string | null;
  readonly limits: string;
  readonly url: string | null;
  readonly image_url: string | null;
  readonly created_at: number;
  readonly deleted_at: number | null;
}

interface ReleaseRow {
  readonly branch: string;
  readonly version: string;
  readonly status: ReleaseStatus;
  readonly created_at: number;
}

function productOf(statement: Prepare, row: ProductRow): Product {
  const names = statement('SELECT folded, name FROM product_names WHERE guild_id = ? AND product_id = ?');
  const releases = statement('SELECT * FROM releases WHERE product_id = ? ORDER BY created_at, version');
  return {
    id: row.id,
    uuid: row.uuid,
    guildId: row.guild_id,
    name: row.name,
    aliases: names
      .all(row.guild_id, row.id)
      .filter(({ folded }) => folded !== foldText(row.name))
      .map(({ name }) => name as string),
    description: row.description,
    version: row.version,
    versionPolicy: row.version_policy,
    buyerRoleId: row.buyer_role_id,
    claimRoleId: row.claim_role_id,
    limits: JSON.parse(row.limits) as InheritableLimits,
    url: row.url,
    imageUrl: row.image_url,
    releases: (releases.all(row.id) as unknown as readonly ReleaseRow[]).map((release) => ({
      version: release.version,
      // '' is the default branch
      branch: release.branch || null,
      status: release.status,
      createdAt: new Date(release.created_at),
    })),
    createdAt: new Date(row.created_at),
    deletedAt: dateOf(row.deleted_at),
  };
}

/** A guild's products, deleted ones included. */
export function readProducts(statement: Prepare, guildId: string): readonly Product[] {
  const rows = statement('SELECT * FROM products WHERE guild_id = ?').all(guildId);
  return (rows as unknown as readonly ProductRow[]).map((row) => productOf(statement, row));
}

export function readProduct(statement: Prepare, guildId: string, id: number): Product | null {
  const row = statement('SELECT * FROM products WHERE id = ? AND guild_id = ?').get(id, guildId);
  return row ? productOf(statement, row as unknown as ProductRow) : null;
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
