import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { uuidOf } from '../domain/values/ids.ts';
import { foldKey } from '../domain/values/key-format.ts';
import { createHmacSha256 } from './hmac.ts';

/**
 * Everything that is done with the master key. Each purpose has a key of its own, which is derived from the master key.
 */
export interface Vault {
  /** Differs between master keys and reveals nothing about them: a store remembers the one that it was made with. */
  readonly fingerprint: string;
  /** The hash by which a license key is found in its guild. */
  lookup(guildId: string, key: string): Buffer;
  /** The hash of a key's folded form, by which the keys that a person may mean are found in all guilds. */
  foldedKey(key: string): Buffer;
  /** The hash by which an API key is found. */
  apiKeyHash(secret: string): Buffer;
  /**
   * The UUID of a guild's customer for whom none was set: always the same, and different from every other customer's.
   */
  customerId(guildId: string, userId: string): string;
  /** The hash by which the customers of a guild with an e-mail address (`foldEmail`) are found. */
  emailHash(guildId: string, folded: string): Buffer;
  /** Encrypts a text, which opens only under the same context, such as `challenge:<guild id>`. */
  seal(text: string, context: string): Buffer;
  /** Decrypts a sealed text. Throws if it was sealed under another context or master key, or was changed. */
  open(sealed: Uint8Array, context: string): string;
  /** A short signature (16 base64url characters) for a text that comes back from Discord, such as a custom id. */
  sign(purpose: string, text: string): string;
  isSigned(purpose: string, text: string, signature: string): boolean;
}

const nonceBytes = 12;
const tagBytes = 16;
const signatureBytes = 12;

/** Derives the vault from 32 random bytes. */
export function createVault(masterKey: Buffer): Vault {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', `latchkey ${purpose}`, 32));
  const hashFor = (purpose: string) => createHmacSha256(derive(purpose));
  const lookupHash = hashFor('license look-up');
  const foldedKeyHash = hashFor('license look-up by folded key');
  const apiKeyHash = hashFor('API key');
  const customerHash = hashFor('customer id');
  const emailHash = hashFor('customer e-mail');
  const signingHash = hashFor('custom id');
  const sealingKey = createSecretKey(derive('sealing'));

  const signature = (purpose: string, text: string) => signingHash(`${purpose}\0${text}`).subarray(0, signatureBytes);

  return {
    fingerprint: derive('fingerprint').toString('hex', 0, 16),
    lookup: (guildId, key) => lookupHash(`${guildId}\0${key}`),
    foldedKey: (key) => foldedKeyHash(foldKey(key)),
    apiKeyHash,
    customerId: (guildId, userId) => uuidOf(customerHash(`${guildId}\0${userId}`).subarray(0, 16)),
    emailHash: (guildId, folded) => emailHash(`${guildId}\0${folded}`),
    seal: (text, context) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    open: (sealed, context) => {
      const nonce = sealed.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-tagBytes));
      return decipher.update(sealed.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    },
    sign: (purpose, text) => signature(purpose, text).toString('base64url'),
    isSigned: (purpose, text, given) => {
      const bytes = Buffer.from(given, 'base64url');
      return bytes.length === signatureBytes && timingSafeEqual(bytes, signature(purpose, text));
    },
  };
}
