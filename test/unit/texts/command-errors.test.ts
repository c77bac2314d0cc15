import { describe, expect, test } from '@jest/globals';
import { describeCommandError } from '../../../src/texts/command-errors.ts';
import { describeCommandError as describeInDiscord } from '../../../src/discord/texts/command-errors.ts';
import type { CommandError, CommandErrorCode } from '../../../src/domain/command-error.ts';
import { hostileText, liveMarks } from '../../support/hostile-text.ts';

const until = new Date('2026-03-10T12:00:01.000Z');

/** One of each; a new error does not compile until it is here. */
const examples: { readonly [C in CommandErrorCode]: Extract<CommandError, { code: C }> } = {
  'license-not-found': { code: 'license-not-found' },
  'license-deleted': { code: 'license-deleted', licenseId: 12 },
  'license-not-deleted': { code: 'license-not-deleted', licenseId: 12 },
  'license-ambiguous': { code: 'license-ambiguous', licenseIds: [12, 13] },
  'product-not-found': { code: 'product-not-found', product: 'Thing' },
  'product-deleted': { code: 'product-deleted', name: 'Thing' },
  'product-name-taken': { code: 'product-name-taken', name: 'Thing', deleted: false },
  'product-id-taken': { code: 'product-id-taken', id: 3 },
  'product-uuid-taken': { code: 'product-uuid-taken', uuid: '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90' },
  'product-required': { code: 'product-required', products: ['Thing', 'Other'] },
  'guild-not-found': { code: 'guild-not-found', guildId: '123' },
  'guild-required': { code: 'guild-required', guildIds: ['123', '456'] },
  'guild-exists': { code: 'guild-exists', guildId: '123' },
  'choose-guild': { code: 'choose-guild', guilds: [{ id: '123', name: 'My Server' }] },
  'team-id-taken': { code: 'team-id-taken' },
  'user-id-taken': { code: 'user-id-taken' },
  'user-blacklisted': { code: 'user-blacklisted' },
  'customer-id-taken': { code: 'customer-id-taken' },
  'challenge-key-invalid': { code: 'challenge-key-invalid' },
  'key-taken': { code: 'key-taken', licenseId: 12, deleted: false },
  'key-invalid': { code: 'key-invalid' },
  'key-needs-amount-one': { code: 'key-needs-amount-one' },
  'invalid-expiry': { code: 'invalid-expiry', problem: { code: 'year-not-first', reading: '2027-01-31' } },
  'invalid-limit': { code: 'invalid-limit', problem: { code: 'not-a-limit', mayInherit: true } },
  'invalid-points': { code: 'invalid-points', problem: { code: 'not-a-point-count', word: 'unlimited' } },
  'invalid-duration': { code: 'invalid-duration', text: 'soon' },
  'invalid-id': { code: 'invalid-id', what: 'user' },
  'invalid-setting': {
    code: 'invalid-setting',
    key: 'limits.ip',
    problem: { code: 'not-allowed', allowed: 'a number' },
  },
  'unknown-setting': { code: 'unknown-setting', key: 'limit.ip', nearest: 'limits.ip' },
  'not-allowed': { code: 'not-allowed', action: 'logs', permission: 'moderate-members', roleIds: ['123'] },
  'reveal-required': { code: 'reveal-required' },
  'staff-needs-manage-server': { code: 'staff-needs-manage-server' },
  'duplicate-order': { code: 'duplicate-order', order: 'A-1', licenseId: 12 },
  'daily-limit': { code: 'daily-limit', made: 24, max: 25 },
  'amount-invalid': { code: 'amount-invalid', max: 100 },
  'nothing-to-change': { code: 'nothing-to-change' },
  'already-suspended': { code: 'already-suspended' },
  'not-suspended': { code: 'not-suspended' },
  'already-switched': { code: 'already-switched', off: true },
  'pause-suspended': { code: 'pause-suspended' },
  'already-owner': { code: 'already-owner', userId: '123456789012345678' },
  'owner-required': { code: 'owner-required' },
  'not-owner': { code: 'not-owner' },
  'already-claimed': { code: 'already-claimed' },
  'not-redeemable': { code: 'not-redeemable', state: 'expired' },
  'wrong-key': { code: 'wrong-key' },
  'key-ambiguous': { code: 'key-ambiguous' },
  'key-near-miss': { code: 'key-near-miss', length: 20, keyLength: 25, groupLength: 5, lookAlikes: 'O' },
  'redeem-wait': { code: 'redeem-wait', until },
  'reset-wait': { code: 'reset-wait', until },
  'reset-off': { code: 'reset-off' },
  'undo-too-late': { code: 'undo-too-late' },
  'binding-not-found': { code: 'binding-not-found' },
  'blacklist-value-invalid': { code: 'blacklist-value-invalid', problem: { code: 'value-too-long', max: 1024 } },
  'blacklist-not-found': { code: 'blacklist-not-found' },
  'blacklist-unconfirmed': {
    code: 'blacklist-unconfirmed',
    assessment: {
      type: 'ip',
      value: '203.0.113.5',
      impact: { licenses: 4, owners: 3, isComplete: true, lastDay: { all: 7, matching: 6 } },
      concerns: ['most-grants', 'several-licenses'],
      confirmWith: '203.0.113.5',
    },
  },
  'api-key-not-found': { code: 'api-key-not-found' },
  'api-key-taken': { code: 'api-key-taken' },
  'api-key-invalid': { code: 'api-key-invalid' },
  'scope-unknown': { code: 'scope-unknown', scope: 'root', allowed: ['auth', 'licenses:read'] },
  'version-invalid': { code: 'version-invalid' },
  'branch-invalid': { code: 'branch-invalid' },
  'policy-unknown': { code: 'policy-unknown', allowed: ['exact', 'any'] },
  'release-exists': { code: 'release-exists', version: '1.0', branch: 'beta' },
  'release-not-found': { code: 'release-not-found', version: '1.0', branch: 'beta' },
  'text-missing': { code: 'text-missing', field: 'productName' },
  'text-too-long': { code: 'text-too-long', field: 'note', max: 1000 },
  'url-invalid': { code: 'url-invalid' },
  'confirmation-wrong': { code: 'confirmation-wrong', expected: 'Thing' },
  'store-unavailable': { code: 'store-unavailable' },
};
const all = Object.values(examples);

describe('describeCommandError', () => {
  test.each(all.map((error) => [error.code, error] as const))('%s is one clear line', (_, error) => {
    const text = describeCommandError(error);
    expect(text).toMatch(/^\S.*[.?]$/);
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
    expect(text.length).toBeLessThanOrEqual(300);
  });

  test('no two errors say the same', () => {
    expect(new Set(all.map(describeCommandError)).size).toBe(all.length);
  });

  test.each(all.map((error) => [error.code, error] as const))('%s names all its data', (_, error) => {
    const { code, ...data } = error;
    const words = JSON.stringify(data).match(/[A-Za-z0-9][\w:.-]*/g) ?? [];
    const inner = 'problem' in data ? [...Object.keys(data.problem), data.problem.code] : ['moderate-members'];
    const names = new Set([...Object.keys(data), ...inner, 'id', 'name', 'true', 'false', until.toISOString()]);
    const formOnly: readonly CommandErrorCode[] = [
      'invalid-id',
      'choose-guild',
      'text-missing',
      'already-switched',
      'blacklist-unconfirmed',
    ];
    if (formOnly.includes(code)) return;
    for (const word of words.filter((each) => !names.has(each))) expect(describeCommandError(error)).toContain(word);
  });

  test.each<[CommandError, string]>([
    [
      { code: 'not-allowed', action: 'logs', permission: 'moderate-members', roleIds: [] },
      'the Moderate Members permission.',
    ],
    [
      { code: 'not-allowed', action: 'logs', permission: 'manage-server', roleIds: [] },
      'the Manage Server permission.',
    ],
    [
      { code: 'not-allowed', action: 'logs', permission: 'manage-server', roleIds: ['20', '30'] },
      'the Manage Server permission or one of these roles: <@&20>, <@&30>.',
    ],
    [{ code: 'key-taken', licenseId: 12, deleted: true }, 'restore'],
    [{ code: 'key-taken', licenseId: 12, deleted: false }, 'license 12'],
    [{ code: 'key-taken', licenseId: null, deleted: false }, 'another license'],
    [{ code: 'license-deleted', licenseId: 12 }, 'restore'],
    [{ code: 'product-name-taken', name: 'Thing', deleted: true }, 'restore'],
    [{ code: 'product-not-found', product: null }, 'create one'],
    [{ code: 'guild-not-found', guildId: null }, 'guild add'],
    [{ code: 'unknown-setting', key: 'limit.ip', nearest: 'limits.ip' }, 'did you mean limits.ip?'],
    [{ code: 'unknown-setting', key: 'colour', nearest: null }, 'settings list'],
    [{ code: 'already-switched', off: false }, 'switched on'],
    [{ code: 'release-exists', version: '1.0', branch: null }, 'Version 1.0 is'],
    [{ code: 'redeem-wait', until }, 'after 2026-03-10 12:01 UTC'],
    [{ code: 'reset-wait', until: new Date('2026-03-10T12:00:00Z') }, 'after 2026-03-10 12:00 UTC'],
  ])('%j says “%s”', (error, words) => {
    expect(describeCommandError(error)).toContain(words);
  });

  test('long lists are cut', () => {
    const products = Array.from({ length: 100 }, (_, index) => `Product${index}`);
    expect(describeCommandError({ code: 'product-required', products })).toMatch(/Product19 and 80 more\.$/);
  });
});

describe('an error that names what others wrote', () => {
  /** What is not free text: codes, ids and words of the program itself. */
  const closed =
    /^(?:code|type|what|action|permission|field|state|\w*[iI]ds?|uuid|allowed|nearest|word|readings?|concerns|lookAlikes)$/;

  function withHostileTexts<T>(value: T, name = ''): T {
    if (typeof value === 'string') return (closed.test(name) ? value : hostileText) as T;
    if (Array.isArray(value)) return value.map((each: unknown) => withHostileTexts(each, name)) as T;
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withHostileTexts(each, key)])) as T;
  }
  const hostile = all.map((error) => withHostileTexts(error));

  test('shows it in Discord as it stands', () => {
    expect(hostile.map(describeInDiscord).filter((text) => liveMarks(text).length > 0)).toEqual([]);
  });

  test('shows it at the command line as it is', () => {
    const naming = hostile.filter((error) => JSON.stringify(error).includes('evil'));
    expect(naming.length).toBeGreaterThan(10);
    for (const error of naming) expect(describeCommandError(error)).toContain(hostileText);
  });

  test('shows instants in Discord in the reader’s zone', () => {
    expect(describeInDiscord({ code: 'redeem-wait', until })).toContain('<t:1773144060:f> (<t:1773144060:R>)');
  });
});
