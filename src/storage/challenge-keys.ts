import type { Guild, SigningSystem } from '../domain/guild.ts';
import type { NewGuild } from './port/guilds.ts';
import type { Vault } from './vault.ts';

/** The challenge key of one system, as both stores keep it: the private key is sealed. */
export interface SealedSystemKey {
  readonly system: SigningSystem;
  readonly publicKey: string;
  readonly privateKey: Uint8Array;
}

/** The context under which a challenge key is sealed; without a system, the common one. */
export function sealContext(guildId: string, system?: SigningSystem): string {
  return system === undefined ? `challenge:${guildId}` : `challenge:${guildId}:${system}`;
}

/** The sealed challenge keys of a new guild that belong to one system, sorted by system. */
export function sealSystemKeys(vault: Vault, { id, systemKeys = {} }: NewGuild): readonly SealedSystemKey[] {
  const systems = Object.keys(systemKeys).sort() as SigningSystem[];
  return systems.flatMap((system) => {
    const pair = systemKeys[system];
    if (!pair) return [];
    return [{ system, publicKey: pair.publicKey, privateKey: vault.seal(pair.privateKey, sealContext(id, system)) }];
  });
}

/** The field of a guild with their public keys; nothing where there are none. */
export function publicKeysOf(
  keys: readonly Pick<SealedSystemKey, 'system' | 'publicKey'>[],
): Pick<Guild, 'publicKeys'> {
  if (keys.length === 0) return {};
  return { publicKeys: Object.fromEntries(keys.map(({ system, publicKey }) => [system, publicKey])) };
}
