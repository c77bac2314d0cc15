import { describe, expect, test } from '@jest/globals';
import { guildId, useCommandLine, withShop } from '../support/command-line.ts';
import { deny, grant } from '../support/grants.ts';

const commandLine = useCommandLine();

describe('blacklist', () => {
  test('add, list, check and remove print exactly the fields of an entry', async () => {
    const line = await withShop(commandLine());
    const argv = ['blacklist', 'add', 'ip', '203.0.113.0/24', '--reason', 'leak', '--for', '7d'];
    const { entry } = await line.json<{ entry: Record<string, unknown> }>(...argv);
    expect(Object.keys(entry)).toEqual(['id', 'type', 'value', 'reason', 'expiresAt', 'hits']);
    expect(entry).toEqual({
      id: 1,
      type: 'ip',
      value: '203.0.113.0/24',
      reason: 'leak',
      expiresAt: '2026-03-08T12:00:00.000Z',
      hits: 0,
    });
    expect(await line.json('blacklist', 'list')).toEqual({ entries: [entry] });
    expect(await line.json('blacklist', 'check', '203.0.113.77')).toEqual({ entries: [entry] });
    expect(await line.json('blacklist', 'check', '203.0.114.77')).toEqual({ entries: [] });
    expect(await line.json('blacklist', 'remove', 'ip', '203.0.113.0/24')).toEqual({ entry });
    expect(await line.failure('blacklist', 'remove', 'ip', '203.0.113.0/24')).toEqual([1, 'blacklist-not-found']);
    expect(await line.json('blacklist', 'list')).toEqual({ entries: [] });
  });

  test('a blacklisted key is never printed whole', async () => {
    const line = await withShop(commandLine());
    const { out } = await line.run('blacklist', 'add', 'key', 'AAAAA-BBBBB-CCCCC-DDDDD');
    expect(out).toContain('DDDDD');
    expect(out).not.toContain('CCCCC');
  });
});

describe('apikey', () => {
  test('create prints the secret; list and revoke do not', async () => {
    const line = await withShop(commandLine());
    const argv = ['apikey', 'create', '--name', 'site', '--scopes', 'auth, licenses:read'];
    const { apiKey } = await line.json<{ apiKey: { id: number; secret: string } }>(...argv);
    expect(Object.keys(apiKey)).toEqual(['id', 'name', 'scopes', 'secret']);
    expect(apiKey).toMatchObject({ id: 1, name: 'site', scopes: ['auth', 'licenses:read'] });
    const listed = await line.run('apikey', 'list', '--json');
    expect(JSON.parse(listed.out)).toMatchObject({ apiKeys: [{ id: 1, name: 'site', revokedAt: null }] });
    const revoked = await line.run('apikey', 'revoke', '1', '--json');
    expect(JSON.parse(revoked.out)).toMatchObject({ apiKey: { id: 1, revokedAt: '2026-03-01T12:00:00.000Z' } });
    expect(listed.out + revoked.out).not.toContain(apiKey.secret);
    expect(await line.failure('apikey', 'revoke', '9')).toEqual([1, 'api-key-not-found']);
  });

  test('--secret-stdin uses the secret on stdin, without the line break after it', async () => {
    const line = await withShop(commandLine({ input: 'the secret of the old system\n' }));
    const created = await line.json('apikey', 'create', '--name', 'old', '--secret-stdin');
    expect(created).toMatchObject({ apiKey: { scopes: ['auth'], secret: 'the secret of the old system' } });
    expect(await line.failure('apikey', 'create', '--name', 'again', '--secret-stdin')).toEqual([1, 'api-key-taken']);
  });

  test('an unknown scope fails the command', async () => {
    const line = await withShop(commandLine());
    expect(await line.failure('apikey', 'create', '--name', 'x', '--scopes', 'root')).toEqual([1, 'scope-unknown']);
  });
});

describe('attempts', () => {
  async function withAttempts(count: number) {
    const line = await withShop(commandLine());
    const { licenses } = await line.json<{ licenses: { key: string }[] }>('license', 'issue');
    const { apiKey } = await line.json<{ apiKey: { secret: string } }>('apikey', 'create', '--name', 'test');
    const guildReference = { by: 'api-key', secret: apiKey.secret } as const;
    const request = { guildReference, key: licenses[0]!.key, product: 'plugin', observedIp: '203.0.113.5' } as const;
    for (let index = 0; index < count; index += 1) {
      const own = { ...request, userAgent: `client ${index}`, hwid: 'A', declaredIp: null };
      await (index % 2 === 0 ? grant(line.storage, own) : deny(line.storage, own));
      line.clock.advance(60_000);
    }
    return line;
  }

  test('prints exactly the fields of an attempt, newest first', async () => {
    const line = await withAttempts(2);
    const { attempts } = await line.json<{ attempts: Record<string, unknown>[] }>('attempts');
    expect(Object.keys(attempts[0]!)).toEqual([
      ...['at', 'protocol', 'result', 'product', 'license', 'declaredIp', 'observedIp', 'countedIp', 'hwid'],
      ...['userAgent', 'version', 'branch', 'scope', 'replaced'],
    ]);
    expect(attempts).toMatchObject([
      { at: '2026-03-01T12:01:00.000Z', result: 'expired', license: 1, userAgent: 'client 1', hwid: 'A' },
      { at: '2026-03-01T12:00:00.000Z', result: 'granted', product: 'Plugin', observedIp: '203.0.113.5' },
    ]);
  });

  test('filters by license, result and age, and stops at the limit', async () => {
    const line = await withAttempts(6);
    const agents = async (...argv: string[]) =>
      (await line.json<{ attempts: { userAgent: string }[] }>('attempts', ...argv)).attempts.map(
        ({ userAgent }) => userAgent,
      );
    expect(await agents('--result', 'granted')).toEqual(['client 4', 'client 2', 'client 0']);
    expect(await agents('--result', 'denied', '--limit', '1')).toEqual(['client 5']);
    expect(await agents('--since', '2m')).toEqual(['client 5', 'client 4']);
    expect(await agents('--since', '2026-03-02')).toEqual([]);
    expect(await agents('--license', '1', '--limit', '2')).toEqual(['client 5', 'client 4']);
    expect(await line.failure('attempts', '--license', '9')).toEqual([1, 'license-not-found']);
  });

  test('prints 50 without a limit, and thousands with one', async () => {
    const line = await withAttempts(1100);
    const count = async (...argv: string[]) =>
      (await line.json<{ attempts: unknown[] }>('attempts', ...argv)).attempts.length;
    expect(await count()).toBe(50);
    expect(await count('--limit', '1000000')).toBe(1100);
    expect(await count('--limit', '1050')).toBe(1050);
  });
});

describe('audit', () => {
  test('prints exactly the fields of an event, newest first, and filters them', async () => {
    const line = await withShop(commandLine());
    await line.run('license', 'issue', '--amount', '2');
    line.clock.advance(3_600_000);
    await line.run('license', 'edit', '1', '--hwid-limit', '4');
    const events = async (...argv: string[]) =>
      (await line.json<{ events: Record<string, unknown>[] }>('audit', ...argv)).events;

    const [changed, issued] = await events('--license', '1');
    expect(Object.keys(changed!)).toEqual(['id', 'at', 'actor', 'action', 'subject', 'reason', 'details']);
    expect(changed).toMatchObject({ at: '2026-03-01T13:00:00.000Z', actor: 'cli', subject: 'license:1', reason: null });
    expect(issued).toMatchObject({ action: 'license.issued', subject: 'licenses', details: { licenses: [1, 2] } });
    expect(await events('--license', '2')).toEqual([issued]);
    expect(await events('--since', '30m')).toEqual([changed]);
    expect(await events('--action', 'license.issued')).toEqual([issued]);
    expect(await events('--actor', 'cli', '--limit', '1')).toEqual([changed]);
    expect(await events('--actor', '200000000000000009')).toEqual([]);
    const { out } = await line.run('audit', '--license', '1', '--limit', '1');
    expect(out).toContain(
      '{"ip":"inherit","hwid":"inherit","mac":"inherit"} → {"ip":"inherit","hwid":4,"mac":"inherit"}',
    );
  });

  test.each([
    ['--actor', 'nobody'],
    ['--action', 'license.stolen'],
    ['--since', 'soon'],
  ])('does not take %s %s', async (option, value) => {
    const line = await withShop(commandLine());
    expect(await line.failure('audit', option, value)).toEqual([2, 'misuse']);
  });
});

describe('roles', () => {
  test('counts without --yes, and queues every member for the bot with it', async () => {
    const line = await withShop(commandLine());
    await line.json('settings', 'set', 'roles.customer', '300000000000000003');
    await line.storage.setRoleGranted(guildId, '200000000000000009', '300000000000000009', true);
    const counts = { members: 1, granted: 1, taken: 1 };
    expect(await line.json('roles')).toEqual({ roles: { ...counts, outcome: 'planned' } });
    expect(await line.storage.claimEffects('roles', 10, 1000)).toEqual([]);
    expect(await line.json('roles', '--yes')).toEqual({ roles: { ...counts, outcome: 'queued' } });
    expect(await line.json('roles', '--yes')).toEqual({ roles: { ...counts, outcome: 'busy' } });
    const effects = await line.storage.claimEffects('roles', 10, 1000);
    expect(effects.map(({ effect }) => effect)).toEqual([{ kind: 'roles', userId: '200000000000000009' }]);
  });
});
