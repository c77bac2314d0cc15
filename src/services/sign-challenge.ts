import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';
import { isSignableChallenge } from '../domain/values/challenge.ts';
import { type Guild, publicKeyFor, type SigningSystem } from '../domain/guild.ts';
import type { ServiceContext } from './context.ts';

/**
 * Signs a challenge with the guild's challenge key for the client's system: RSASSA-PKCS1-v1_5 with SHA-256 over the text's UTF-8 bytes. The
 * signature is made on the thread pool, so that it does not delay other requests. Rejects where the guild was deleted
 * or the store is unavailable, and for a text that no client may have signed, which routes refuse as malformed.
 */
export type SignChallenge = (guild: Guild, challenge: string, system: SigningSystem) => Promise<Buffer>;

const maxKeys = 1_000;
const signOnPool = promisify(sign);

export function createSignChallenge({ storage }: Pick<ServiceContext, 'storage'>): SignChallenge {
  /** By public key, because a guild that was deleted and added again has another key pair. */
  const keys = new LRUCache<string, Promise<KeyObject>>({ max: maxKeys });

  async function readKey({ id }: Guild, system: SigningSystem): Promise<KeyObject> {
    const pem = await storage.challengeKey(id, system);
    if (pem === null) throw new Error(`No guild ${id}.`);
    return createPrivateKey(pem);
  }

  function keyOf(guild: Guild, system: SigningSystem): Promise<KeyObject> {
    const publicKey = publicKeyFor(guild, system);
    const known = keys.get(publicKey);
    if (known) return known;
    const key = readKey(guild, system);
    keys.set(publicKey, key);
    key.catch(() => keys.delete(publicKey));
    return key;
  }

  return async (guild, challenge, system) => {
    if (!isSignableChallenge(challenge)) throw new Error('A challenge with this prefix is never signed.');
    return signOnPool('sha256', Buffer.from(challenge, 'utf8'), await keyOf(guild, system));
  };
}
