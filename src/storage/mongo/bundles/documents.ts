import type { ApiKey } from '../../../domain/api-key.ts';
import type { BlacklistEntry } from '../../../domain/blacklist/blacklist.ts';
import type { Guild } from '../../../domain/guild.ts';
import type { Product } from '../../../domain/product.ts';
import { defaultSettings, type Settings } from '../../../domain/settings/settings.ts';
import { foldName } from '../../../domain/values/text.ts';
import { publicKeysOf, type SealedSystemKey } from '../../challenge-keys.ts';
import type { ApiKeyDocument, BlacklistDocument, GuildDocument, ProductDocument } from '../documents.ts';
import { fieldNames, pickFields, productFields } from '../stored-fields.ts';

/** The fields that `guildOf` and `settingsOf` do not need. */
export const guildProjection = { privateKey: 0, 'systemKeys.privateKey': 0, outbox: 0 } as const;
export type StoredGuild = Omit<GuildDocument, 'privateKey' | 'outbox' | 'systemKeys'> & {
  readonly systemKeys?: readonly Pick<SealedSystemKey, 'system' | 'publicKey'>[];
};

export function guildOf(stored: StoredGuild): Guild {
  const { _id: id, name, teamId, userId, publicKey, systemKeys = [], createdAt } = stored;
  return { id, name, teamId, userId, publicKey, ...publicKeysOf(systemKeys), createdAt };
}

export function settingsOf({ settings }: Pick<GuildDocument, 'settings'>): Settings {
  const changed = settings
    .filter(({ key }) => Object.hasOwn(defaultSettings, key))
    .map(({ key, value }) => [key, JSON.parse(value) as unknown] as const);
  return { ...defaultSettings, ...(Object.fromEntries(changed) as Partial<Settings>) };
}

const storedFields = fieldNames(productFields);
const changeableNames = fieldNames(productFields, 'guildId', 'createdAt');

export function productOf(stored: ProductDocument): Product {
  const formerNames = stored.names.filter(({ folded }) => folded !== foldName(stored.name));
  return { ...pickFields(stored, storedFields), id: stored._id, aliases: formerNames.map(({ name }) => name) };
}

/** The fields that a change of a product may change; `names` are those that are stored now. */
export function changeableFields(product: Product, names: ProductDocument['names']) {
  return {
    ...pickFields(product, changeableNames),
    uuid: product.uuid.toLowerCase(),
    names: addName(names, product.name),
    releases: product.releases.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime()),
  };
}

/** Former names stay in the list, because programs that were shipped with them still ask for them. */
function addName(names: ProductDocument['names'], name: string): ProductDocument['names'] {
  const folded = foldName(name);
  return [...names.filter((former) => former.folded !== folded), { folded, name }];
}

export function apiKeyOf(stored: ApiKeyDocument): ApiKey {
  const { _id: id, guildId, name, scopes, createdAt, createdBy, expiresAt, revokedAt } = stored;
  return { id, guildId, name, scopes, createdAt, createdBy, expiresAt, revokedAt };
}

export function blacklistEntryOf(stored: BlacklistDocument): BlacklistEntry {
  const { _id: id, guildId, type, value, match, reason, expiresAt, hits, createdAt, createdBy } = stored;
  return { id, guildId, type, value, match, reason, expiresAt, hits, createdAt, createdBy };
}
