import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** The key pair that signs challenges and nothing else: SPKI and PKCS#8, both PEM. */
export interface ChallengeKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

const minBits = 2048;
const generate = promisify(generateKeyPair);

/** A new RSA key pair of 2,048 bits. */
export async function generateChallengeKey(): Promise<ChallengeKey> {
  const { privateKey } = await generate('rsa', { modulusLength: minBits });
  return pemPair(privateKey);
}

/** Reads the pair of a private key in PEM; null: the text is no RSA private key of at least 2,048 bits. */
export function readChallengeKey(pem: string): ChallengeKey | null {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return null;
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return key.asymmetricKeyType === 'rsa' && bits >= minBits ? pemPair(key) : null;
}

function pemPair(privateKey: KeyObject): ChallengeKey {
  return {
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
