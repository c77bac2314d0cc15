import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Reads both PEM files and checks that certificate and key belong together. Throws where one of them is wrong. */
export function readTls({ cert, key }: TlsFiles): TlsMaterial {
  const material = { cert: readFileSync(cert), key: readFileSync(key) };
  createSecureContext(material);
  return material;
}
