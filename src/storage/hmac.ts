import { createHmac, hash } from 'node:crypto';

const blockBytes = 64;
const digestBytes = 32;
/** Longer texts, which no usual request has, are hashed with `createHmac`. */
const maxShortText = 1024;

/**
 * HMAC-SHA-256 (RFC 2104) of texts under one key.
 *
 * Two one-shot hashes over buffers that hold the padded key take 1.8 µs of CPU, and a `createHmac` object takes 4.8 µs
 * (measured with Node 24 over 45 characters; a digest as a text of bytes is cheaper than one as a buffer). Each check
 * hashes at least its license key.
 */
export function createHmacSha256(key: Buffer): (text: string) => Buffer {
  const inner = padded(key, 0x36, maxShortText * 2);
  const outer = padded(key, 0x5c, digestBytes);

  return (text) => {
    // UTF-16, because UTF-8 encodes every lone surrogate as the same bytes, and two texts must never have one hash.
    if (text.length > maxShortText) return createHmac('sha256', key).update(text, 'utf16le').digest();
    const end = blockBytes + inner.write(text, blockBytes, 'utf16le');
    outer.write(hash('sha256', inner.subarray(0, end), 'binary'), blockBytes, 'binary');
    return Buffer.from(hash('sha256', outer, 'binary'), 'binary');
  };
}

/** One block that combines the key with the pad, followed by room for what is hashed with it. */
function padded(key: Buffer, pad: number, room: number): Buffer {
  const block = Buffer.alloc(blockBytes + room);
  for (let index = 0; index < blockBytes; index += 1) block[index] = (key[index] ?? 0) ^ pad;
  return block;
}
