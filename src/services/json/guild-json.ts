import type { Guild } from '../../domain/guild.ts';

/**
 * A guild as JSON, with its identities in foreign systems and its public key in PEM, and those of systems that have their
 * own.
 */
export function guildJson({ id, name, teamId, userId, publicKey, publicKeys }: Guild): object {
  return { id, name, teamId, userId, publicKey, ...(publicKeys && { publicKeys }) };
}
