import type { Guild } from '../../domain/guild.ts';

/** A guild as JSON, with its identities in foreign systems and its public key in PEM. */
export function guildJson({ id, name, teamId, userId, publicKey }: Guild): object {
  return { id, name, teamId, userId, publicKey };
}
