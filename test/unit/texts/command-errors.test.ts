import { describe, expect, test } from '@jest/globals';
import { describeCommandError } from '../../../src/texts/command-errors.ts';
import { describeCommandError as describeInDiscord } from '../../../src/discord/texts/command-errors.ts';
import type { CommandError, CommandErrorCode } from '../../../src/domain/command-error.ts';
import { commandErrors, errorInstant as until } from '../../support/command-errors.ts';
import { hostileText, liveMarks } from '../../support/hostile-text.ts';

const all = Object.values(commandErrors);

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
    // An owner is not named: their id says nothing to people.
    const formOnly: readonly CommandErrorCode[] = [
      ...(['invalid-id', 'choose-guild', 'text-missing', 'already-switched', 'already-owner'] as const),
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
    /^(?:code|type|what|action|permission|field|state|taken|\w*[iI]ds?|uuid|allowed|nearest|word|readings?|concerns|lookAlikes|hold|others)$/;

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
