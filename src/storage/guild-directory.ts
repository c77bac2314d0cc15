import { type ApiKey, isUsable } from '../domain/api-key.ts';
import type { GuildReference } from '../domain/check-request.ts';
import type { UnknownGuildReason } from '../domain/denial.ts';
import type { Vault } from './vault.ts';

/**
 * The guilds that a request may be for; several, in the order of the product ids, where these belong to several guilds.
 */
type GuildLookup =
  { readonly guildIds: readonly [string, ...string[]] } | { readonly unknownGuild: UnknownGuildReason };

/** Finds the guild that a request is for, among all guilds, in memory. */
export interface GuildDirectory {
  /** The guilds that the reference names, among those that were set and those of the source. */
  find(reference: GuildReference, now: Date): GuildLookup;
  /** Revoked and expired API keys are set too: `find` ignores them at the instant of the request. */
  setApiKey(hash: Uint8Array, apiKey: ApiKey): void;
  removeApiKey(id: number): void;
  setGuild(guild: { readonly id: string; readonly teamId: string; readonly userId: string }): void;
  /** Deleted products are set too, until they are purged: requests that name them belong to their guild. */
  setProduct(id: number, guildId: string): void;
  removeProduct(id: number): void;
  clear(): void;
}

/** Answers what was not set; undefined: there is none. */
export interface DirectorySource {
  readonly apiKey: (hash: Uint8Array) => ApiKey | undefined;
  readonly guildOfTeam: (teamId: string) => string | undefined;
  readonly guildOfUser: (userId: string) => string | undefined;
  /** Of deleted products too, until they are purged. */
  readonly guildOfProduct: (id: number) => string | undefined;
}

/** Why a request's guild is unknown, by the kind of its reference. */
export const reasonOfUnknownGuild: Readonly<Record<GuildReference['by'], UnknownGuildReason>> = {
  'api-key': 'api-key-unknown',
  team: 'team-unknown',
  user: 'user-unknown',
  product: 'product-id-unknown',
};

const maxKnownHashes = 1_000;

/** A hash as the key of a map. */
function hashText(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.byteLength).toString('latin1');
}

/** With a source the directory holds only what was asked for; without one it has to be filled. */
export function createGuildDirectory(vault: Vault, source?: DirectorySource): GuildDirectory {
  const apiKeys = new Map<string, ApiKey>();
  const apiKeyHashes = new Map<number, string>();
  const guildsByTeam = new Map<string, string>();
  const guildsByUser = new Map<string, string>();
  const guildsByProduct = new Map<number, string>();
  /**
   * The hashes of valid secrets. Clients send the same few secrets, and hashing one costs as much as reading a license.
   */
  const knownHashes = new Map<string, string>();

  function setApiKey(hash: string, apiKey: ApiKey): void {
    apiKeys.set(hash, apiKey);
    apiKeyHashes.set(apiKey.id, hash);
  }

  function readApiKey(hash: string): ApiKey | undefined {
    const apiKey = source?.apiKey(Buffer.from(hash, 'latin1'));
    if (apiKey) setApiKey(hash, apiKey);
    return apiKey;
  }

  function guildOfApiKey(secret: string, now: Date): string | undefined {
    const hash = knownHashes.get(secret) ?? hashText(vault.apiKeyHash(secret));
    const apiKey = apiKeys.get(hash) ?? readApiKey(hash);
    if (apiKey && knownHashes.size < maxKnownHashes) knownHashes.set(secret, hash);
    return apiKey && isUsable(apiKey, 'auth', now) ? apiKey.guildId : undefined;
  }

  function guildsOf(reference: GuildReference, now: Date): readonly (string | undefined)[] {
    switch (reference.by) {
      case 'api-key':
        return reference.secret === null ? [] : [guildOfApiKey(reference.secret, now)];
      case 'team':
        return [known(guildsByTeam, reference.teamId, source?.guildOfTeam)];
      case 'user':
        return [known(guildsByUser, reference.userId, source?.guildOfUser)];
      case 'product':
        return [...new Set(reference.productIds.map((id) => known(guildsByProduct, id, source?.guildOfProduct)))];
    }
  }

  return {
    find: (reference, now) => {
      if (reference.by === 'api-key' && reference.secret === null) return { unknownGuild: 'api-key-missing' };
      const [first, ...others] = guildsOf(reference, now).filter((id) => id !== undefined);
      return first === undefined
        ? { unknownGuild: reasonOfUnknownGuild[reference.by] }
        : { guildIds: [first, ...others] };
    },
    setApiKey: (hash, apiKey) => {
      setApiKey(hashText(hash), apiKey);
    },
    removeApiKey: (id) => {
      apiKeys.delete(apiKeyHashes.get(id) ?? '');
    },
    setGuild: ({ id, teamId, userId }) => {
      guildsByTeam.set(teamId, id);
      guildsByUser.set(userId, id);
    },
    setProduct: (id, guildId) => {
      guildsByProduct.set(id, guildId);
    },
    removeProduct: (id) => {
      guildsByProduct.delete(id);
    },
    clear: () => {
      for (const map of [apiKeys, apiKeyHashes, guildsByTeam, guildsByUser, guildsByProduct]) map.clear();
    },
  };
}

/** The guild from memory, or from the source, whose answer is then in memory. */
function known<K>(
  guilds: Map<K, string>,
  key: K,
  read: ((key: K) => string | undefined) | undefined,
): string | undefined {
  const inMemory = guilds.get(key);
  if (inMemory !== undefined) return inMemory;
  const found = read?.(key);
  if (found !== undefined) guilds.set(key, found);
  return found;
}
