import type { ApiKey } from '../../../domain/api-key.ts';
import type { BlacklistEntry } from '../../../domain/blacklist.ts';
import type { Guild } from '../../../domain/guild.ts';
import type { Product } from '../../../domain/product.ts';
import { defaultSettings, type Settings } from '../../../domain/settings.ts';
import { foldText } from '../../../domain/text.ts';
import type { ApiKeyDocument, BlacklistDocument, GuildDocument, ProductDocument } from '../documents.ts';

/** What `guildOf` and `settingsOf` read. */
export const guildProjection = { privateKey: 0, outbox: 0 } as const;
export type StoredGuild = Omit<GuildDocument, keyof typeof guildProjection>;

export function guildOf(stored: StoredGuild): Guild {
  const { _id: id, name, teamId, userId, publicKey, createdAt } = stored;
  return { id, name, teamId, userId, publicKey, createdAt };
}

export function settingsOf({ settings }: Pick<GuildDocument, 'settings'>): Settings {
  const changed = settings
    .filter(({ key }) => Object.hasOwn(defaultSettings, key))
    .map(({ key, value }) => [key, JSON.parse(value) as unknown] as const);
  return { ...defaultSettings, ...(Object.fromEntries(changed) as Partial<Settings>) };
}

export function productOf(stored: ProductDocument): Product {
  return {
    id: stored._id,
    uuid: stored.uuid,
    guildId: stored.guildId,
    name: stored.name,
    aliases: stored.names.filter(({ folded }) => folded !== foldText(stored.name)).map(({ name }) => name),
    description: stored.description,
    version: stored.version,
    versionPolicy: stored.versionPolicy,
    buyerRoleId: stored.buyerRoleId,
    claimRoleId: stored.claimRoleId,
    limits: stored.limits,
    url: stored.url,
    imageUrl: stored.imageUrl,
    releases: stored.releases,
    createdAt: stored.createdAt,
    deletedAt: stored.deletedAt,
  };
}

export function apiKeyOf(stored: ApiKeyDocument): ApiKey {
  const { _id: id, guildId, name, scopes, createdAt, createdBy, expiresAt, revokedAt } = stored;
  return { id, guildId, name, scopes, createdAt, createdBy, expiresAt, revokedAt };
}

export function blacklistEntryOf(stored: BlacklistDocument): BlacklistEntry {
  const { _id: id, guildId, type, value, match, reason, expiresAt, hits, createdAt, createdBy } = stored;
  return { id, guildId, type, value, match, reason, expiresAt, hits, createdAt, createdBy };
}
