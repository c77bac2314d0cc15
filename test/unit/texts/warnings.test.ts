import { describe, expect, test } from '@jest/globals';
import type { IntegrationWarning, Warning } from '../../../src/domain/warning.ts';
import { describeIntegrationWarning } from '../../../src/texts/integration-warnings.ts';
import { describeWarning } from '../../../src/texts/warnings.ts';

describe('a warning about a change', () => {
  test.each<[Warning, string]>([
    [{ code: 'zero-limit', kind: 'hwid' }, 'A limit of 0 HWIDs lets nobody in, not even what is bound already.'],
    [{ code: 'zero-limit', kind: 'mac' }, 'MAC addresses'],
    [{ code: 'hwids-unlimited' }, 'limits.hwid'],
    [{ code: 'guessable-keys', bits: 50, safeBits: 80 }, '50 bits'],
    [{ code: 'guessable-secret', safeLength: 20 }, '20 characters'],
  ])('%j says “%s”', (warning, words) => {
    expect(describeWarning(warning)).toContain(words);
  });
});

describe('a warning about sample code', () => {
  const codes = ['api-key-missing', 'version-fixed', 'answers-unsigned', 'product-unnamed'] as const;
  const warnings: readonly IntegrationWarning[] = [
    { code: 'local-server', server: 'http://127.0.0.1:3000' },
    { code: 'customer-unnamed' },
    { code: 'version-unnamed' },
    ...codes.map((code) => ({ code })),
  ];

  test.each(warnings)('$code is one line of whole sentences', (warning) => {
    expect(describeIntegrationWarning(warning)).toMatch(/^[A-Zl].+\.$/);
  });

  test('no two say the same', () => {
    expect(new Set(warnings.map(describeIntegrationWarning)).size).toBe(warnings.length);
  });

  test('names the address that other machines cannot reach', () => {
    expect(describeIntegrationWarning(warnings[0]!)).toContain('http://127.0.0.1:3000');
  });
});
