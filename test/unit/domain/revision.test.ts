import { expect, test } from '@jest/globals';
import { revise } from '../../../src/domain/revision.ts';

const before = { name: 'Vault', updatedAt: new Date(1), revision: 4 };
const now = new Date(2);
const by = (type: 'system' | 'cli') => {
  return { actor: { type }, action: 'license.changed', subject: 'license:1', reason: null, details: {} } as const;
};

test('what a person changes is one revision further, as of now', () => {
  expect(revise(before, [by('system'), by('cli')], now)).toEqual({ name: 'Vault', updatedAt: now, revision: 5 });
});

test('what the system changes by itself is one revision further, but not updated', () => {
  expect(revise(before, [by('system')], now)).toEqual({ name: 'Vault', updatedAt: new Date(1), revision: 5 });
});
