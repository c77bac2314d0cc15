import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { withExplanation } from '../files/file-errors.ts';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * Only suites that agree on a key with ECDHE, so that the private key alone does not open recorded traffic.
 * Those with CBC are for the TLS 1.2 of old .NET and Java versions. TLS 1.3 has no others.
 */
const ciphers = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE+AESGCM',
  'ECDHE+CHACHA20',
  'ECDHE+AES',
  '!aNULL',
].join(':');

/**
 * What the server's TLS is made from, with both PEM files read now. Throws where one of them is wrong, or where they do
 * not belong together.
 */
export function readTls({ cert, key }: TlsFiles): SecureContextOptions {
  const options: SecureContextOptions = {
    cert: read(cert),
    key: read(key),
    ciphers,
    honorCipherOrder: true,
    minVersion: 'TLSv1.2',
  };
  createSecureContext(options);
  return options;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw withExplanation(error, file, 'read');
  }
}
