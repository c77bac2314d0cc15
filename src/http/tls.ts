import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { withExplanation } from '../files/file-errors.ts';

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
  const material = { cert: read(cert), key: read(key) };
  createSecureContext(material);
  return material;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw withExplanation(error, file, 'read');
  }
}
