import { describe, expect, test } from '@jest/globals';
import { buyerId, useCommandLine, withShop } from '../support/command-line.ts';

const commandLine = useCommandLine();

interface Answer {
  readonly license: { readonly id: number; readonly state: string; readonly owner: string; readonly expiresAt: string };
}

/** A shop with two licenses of the order MANY and one of the order ONE, which is license 3. */
async function withOrders() {
  const line = await withShop(commandLine());
  await line.json('license', 'issue', '--amount', '2', '--order', 'MANY');
  await line.json('license', 'issue', '--order', 'ONE', '--expires', '2026-06-01T00:00:00Z');
  return line;
}

describe('--order instead of a key', () => {
  test.each<[readonly string[], object]>([
    [['show'], { id: 3, order: 'ONE' }],
    [['suspend'], { id: 3, state: 'suspended' }],
    [['switch', 'off'], { id: 3, state: 'off' }],
    [['extend', '30d'], { id: 3, expiresAt: '2026-07-01T00:00:00.000Z' }],
    [['extend', '-30d'], { id: 3, expiresAt: '2026-05-02T00:00:00.000Z' }],
    [['reset', 'hwid'], { id: 3 }],
    [['reassign', '--owner', buyerId], { id: 3, owner: buyerId }],
    [['rekey'], { id: 3 }],
    [['delete', '--yes'], { id: 3, state: 'deleted' }],
  ])('names the license for license %j', async (words, changed) => {
    const line = await withOrders();
    expect(await line.json('license', ...words, '--order', ' ONE ')).toMatchObject({ license: changed });
  });

  test('lists the licenses of an order', async () => {
    const line = await withOrders();
    expect(await line.json('license', 'list', '--order', 'MANY')).toMatchObject({ licenses: [{ id: 2 }, { id: 1 }] });
  });

  test('chooses none of several, and names them', async () => {
    const line = await withOrders();
    expect(await line.failure('license', 'suspend', '--order', 'MANY')).toEqual([1, 'license-ambiguous']);
    expect((await line.run('license', 'suspend', '--order', 'MANY')).err).toContain('2, 1');
    expect(await line.json('license', 'list', '--state', 'suspended')).toEqual({ licenses: [] });
    expect(await line.failure('license', 'show', '--order', 'NONE')).toEqual([1, 'license-not-found']);
  });

  test.each<readonly string[]>([
    ['license', 'show'],
    ['license', 'show', '1', '--order', 'ONE'],
    ['license', 'extend', '--order', 'ONE'],
    ['license', 'extend', '3'],
    ['license', 'reset', '--order', 'ONE', 'everything'],
    ['license', 'reset', '3', 'everything'],
    ['license', 'suspend', '3', 'more'],
  ])('leaves usage errors what they are: %j', async (...words) => {
    const line = await withOrders();
    expect(await line.failure(...words)).toEqual([2, 'misuse']);
  });

  test('is in the help, next to the arguments as they are', async () => {
    const { out } = await commandLine().run('license', 'reset', '--help');
    expect(out).toContain('license reset [options] <key> <what>');
    expect(out).toContain('--order <text>');
  });

  test('of license edit still sets the order', async () => {
    const line = await withOrders();
    expect(await line.json('license', 'edit', '3', '--order', 'OTHER')).toMatchObject({ license: { order: 'OTHER' } });
  });
});

test.each([
  ['-30d', '2026-05-02T00:00:00.000Z'],
  ['−30d', '2026-05-02T00:00:00.000Z'],
  ['-1mo', '2026-05-01T00:00:00.000Z'],
  ['-90m', '2026-05-31T22:30:00.000Z'],
  ['12h', '2026-06-01T12:00:00.000Z'],
])('license extend by %s ends it at %s', async (term, end) => {
  const line = await withOrders();
  const { license } = await line.json<Answer>('license', 'extend', '3', term, '--reason', '-5 days');
  expect(license.expiresAt).toBe(end);
});

test.each(['lifetime', 'permanent'])('a license that is issued with --expires %s never expires', async (word) => {
  const line = await withShop(commandLine());
  expect(await line.json('license', 'issue', '--expires', word)).toMatchObject({
    licenses: [{ expiry: { type: 'never' }, expiresAt: null }],
  });
});

describe('an owner id that a spreadsheet has rounded', () => {
  test.each(['200000000000123000', '<@2000000000123000>'])('%s needs --yes', async (owner) => {
    const line = await withOrders();
    for (const words of [
      ['issue', '--owner', owner],
      ['reassign', '1', '--owner', owner],
    ]) {
      expect(await line.failure('license', ...words)).toEqual([2, 'needs-yes']);
      expect((await line.run('license', ...words)).err).toContain('spreadsheet');
    }
    expect(await line.json('license', 'list', '--owner', owner)).toEqual({ licenses: [] });
    await line.json('license', 'reassign', '1', '--owner', owner, '--yes');
    await line.json('license', 'issue', '--owner', owner, '--yes');
    expect(await line.json('license', 'list', '--owner', owner)).toMatchObject({ licenses: [{ id: 4 }, { id: 1 }] });
  });

  test.each(['200000000000123001', '123456789012000'])('%s is none', async (owner) => {
    const line = await withShop(commandLine());
    expect(await line.json('license', 'issue', '--owner', owner)).toMatchObject({ licenses: [{ owner }] });
  });
});

describe('a license of another system is issued', () => {
  test.each([
    ['active', 'active'],
    ['suspended', 'suspended'],
    ['off', 'off'],
  ])('in the state %s', async (word, state) => {
    const line = await withShop(commandLine());
    const words = ['--state', word, '--reason', 'chargeback', '--silent'];
    expect(await line.json('license', 'issue', ...words)).toMatchObject({ licenses: [{ state }] });
  });

  test('in no other state', async () => {
    const line = await withShop(commandLine());
    expect(await line.failure('license', 'issue', '--state', 'expired')).toEqual([2, 'misuse']);
    expect(await line.json('license', 'list')).toEqual({ licenses: [] });
  });

  test('with an end that has passed, if that is asked for', async () => {
    const line = await withShop(commandLine());
    const issue = ['license', 'issue', '--expires', '2024-01-31'];
    expect(await line.failure(...issue)).toEqual([1, 'invalid-expiry']);
    const ended = { state: 'expired', expiresAt: '2024-01-31T23:59:59.999Z' };
    expect(await line.json(...issue, '--allow-past')).toMatchObject({ licenses: [ended] });
    expect(await line.json('license', 'issue', '--expires', '30d', '--allow-past')).toMatchObject({
      licenses: [{ state: 'active', expiresAt: '2026-03-31T12:00:00.000Z' }],
    });
    expect(await line.failure('license', 'issue', '--expires', '03/04/2024', '--allow-past')).toEqual([
      1,
      'invalid-expiry',
    ]);
  });

  test('without what a column says is none', async () => {
    const line = await withShop(commandLine());
    const none = ['--owner', 'none', '--name', 'none', '--note', 'none', '--order', 'none'];
    for (const _ of [1, 2]) {
      expect(await line.json('license', 'issue', ...none)).toMatchObject({
        licenses: [{ owner: null, name: null, note: null, order: null }],
      });
    }
  });
});
