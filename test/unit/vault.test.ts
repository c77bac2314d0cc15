import { describe, expect, test } from '@jest/globals';
import { createHmac, hkdfSync } from 'node:crypto';
import { createVault } from '../../src/storage/vault.ts';

const vault = createVault(Buffer.alloc(32, 1));
const other = createVault(Buffer.alloc(32, 2));

describe('the vault', () => {
  test('opens what it sealed', () => {
    expect(vault.open(vault.seal('ÄBC-123\0 x', 'license:1'), 'license:1')).toBe('ÄBC-123\0 x');
  });

  test('seals one text differently every time', () => {
    expect(vault.seal('KEY', 'license:1').equals(vault.seal('KEY', 'license:1'))).toBe(false);
  });

  test('opens nothing under another context or another master key, and nothing that was changed', () => {
    const sealed = vault.seal('KEY', 'license:1');
    const changed = Buffer.from(sealed);
    changed[14] = (changed[14] ?? 0) ^ 1;

    expect(() => vault.open(sealed, 'license:2')).toThrow();
    expect(() => other.open(sealed, 'license:1')).toThrow();
    expect(() => vault.open(changed, 'license:1')).toThrow();
    expect(() => vault.open(sealed.subarray(0, 20), 'license:1')).toThrow();
  });

  test('hashes one key differently per guild, per purpose and per master key', () => {
    const hashes = [
      vault.lookup('g1', 'KEY'),
      vault.lookup('g2', 'KEY'),
      vault.lookup('g1', 'key'),
      vault.foldedKey('KEY'),
      vault.apiKeyHash('KEY'),
      other.lookup('g1', 'KEY'),
      other.apiKeyHash('KEY'),
    ].map((hash) => hash.toString('hex'));

    expect(new Set(hashes).size).toBe(hashes.length);
    expect(vault.lookup('g1', 'KEY').toString('hex')).toBe(hashes[0]);
  });

  test.each(['', 'K', '\ud800', 'ä'.repeat(1_020), 'x'.repeat(1_023), 'x'.repeat(5_000)])(
    'hashes with HMAC-SHA-256 over UTF-16, so that keys are found that were stored before: %#',
    (text) => {
      const hmac = (purpose: string, message: string) => {
        const key = Buffer.from(hkdfSync('sha256', Buffer.alloc(32, 1), '', `latchkey ${purpose}`, 32));
        return createHmac('sha256', key).update(message, 'utf16le').digest('hex');
      };

      expect(vault.lookup('g1', text).toString('hex')).toBe(hmac('license look-up', `g1\0${text}`));
      expect(vault.apiKeyHash(text).toString('hex')).toBe(hmac('API key', text));
    },
  );

  test('hashes the folded form of a key, whatever stands between its letters and digits', () => {
    expect(vault.foldedKey(' key: a-b\u2014C ').equals(vault.foldedKey('KEYABC'))).toBe(true);
    expect(vault.foldedKey('KEYABD').equals(vault.foldedKey('KEYABC'))).toBe(false);
  });

  test('tells lone surrogates apart', () => {
    expect(vault.lookup('g1', '\ud800').equals(vault.lookup('g1', '\ud801'))).toBe(false);
  });

  test('knows its own signatures, for their purpose and text only', () => {
    const signature = vault.sign('undo', 'license:1');

    expect(signature).toMatch(/^[\w-]{16}$/);
    expect(vault.isSigned('undo', 'license:1', signature)).toBe(true);
    expect(vault.isSigned('undo', 'license:2', signature)).toBe(false);
    expect(vault.isSigned('page', 'license:1', signature)).toBe(false);
    expect(other.isSigned('undo', 'license:1', signature)).toBe(false);
    expect(vault.isSigned('undo', 'license:1', '')).toBe(false);
  });

  test('has a fingerprint that is the same for the same master key only', () => {
    expect(createVault(Buffer.alloc(32, 1)).fingerprint).toBe(vault.fingerprint);
    expect(other.fingerprint).not.toBe(vault.fingerprint);
  });
});
