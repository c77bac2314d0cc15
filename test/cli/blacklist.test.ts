import { describe, expect, test } from '@jest/globals';
import type { CommandLine } from '../support/command-line.ts';
import { buyerId, configOf, guildId, useCommandLine, withShop } from '../support/command-line.ts';
import { definition } from '../support/open-services.ts';
import { aRequest } from '../support/storage-fixtures.ts';

const commandLine = useCommandLine();

/** A shop with `count` licenses that were granted at one address. */
async function withCustomers(line: CommandLine, count: number) {
  await withShop(line);
  const { apiKey } = await line.json<{ apiKey: { secret: string } }>('apikey', 'create', '--name', 'site');
  const argv = ['license', 'issue', '--amount', String(count)];
  const { licenses } = await line.json<{ licenses: { id: number; key: string }[] }>(...argv);
  const check = async (key: string, observedIp: string) => {
    const guildReference = { by: 'api-key', secret: apiKey.secret } as const;
    const request = aRequest({ guildReference, key, observedIp, product: 'Plugin', version: '1.0.0' });
    const outcome = await line.services.checkLicense(definition, request);
    return outcome.result === 'denied' ? outcome.denial : outcome.result;
  };
  for (const { key } of licenses) expect(await check(key, '203.0.113.5')).toBe('granted');
  return { licenses, check };
}

describe('blacklist add', () => {
  test('what hits several licenses is named and needs --yes', async () => {
    const line = commandLine();
    const { licenses, check } = await withCustomers(line, 2);
    const [{ key }] = licenses as [{ key: string }, ...unknown[]];
    for (let times = 0; times < 3; times++) expect(await check(key, '192.0.2.1')).toBe('granted');
    const refused = await line.run('blacklist', 'add', 'ip', '203.0.113.5');
    expect([refused.exitCode, refused.out]).toEqual([2, '']);
    expect(refused.err).toBe(
      'It hits 2 licenses and 0 owners that were bound or granted from there in the last 7 days. ' +
        'Repeat with --yes to add it.\n',
    );
    expect(await line.failure('blacklist', 'add', 'ip', '203.0.113.5')).toEqual([2, 'needs-yes']);
    expect(await check(key, '203.0.113.5')).toBe('granted');
    await line.json('blacklist', 'add', 'ip', '203.0.113.5', '--yes');
    expect(await check(key, '203.0.113.5')).toBe('ip-blacklisted');
  });

  test('what may hit everybody needs the value once more, and --yes is not enough', async () => {
    const line = commandLine();
    const { licenses, check } = await withCustomers(line, 2);
    const [{ key }] = licenses as [{ key: string }, ...unknown[]];
    const argv = ['blacklist', 'add', 'ip', '0.0.0.0/0'];
    for (const more of [[], ['--yes'], ['--confirm', '0.0.0.0/1'], ['--confirm', 'yes']])
      expect(await line.failure(...argv, ...more)).toEqual([2, 'needs-confirm']);
    const { err } = await line.run(...argv, '--yes');
    expect(err).toContain('It would have refused 2 of the 2 checks that were granted in the last day.');
    expect(err).toContain('It is a wide range');
    expect(err).toContain('Repeat with --confirm 0.0.0.0/0 to add it.');
    expect(await line.json('blacklist', 'list')).toEqual({ entries: [] });
    await line.json(...argv, '--confirm', '0.0.0.0/0');
    expect(await check(key, '203.0.113.5')).toBe('ip-blacklisted');
  });

  test('the proxy of the configuration needs the value once more', async () => {
    const line = await withShop(commandLine({ config: configOf({ LATCHKEY_HTTP_TRUSTED_PROXIES: '192.0.2.1' }) }));
    expect(await line.failure('blacklist', 'add', 'ip', '192.0.2.1', '--yes')).toEqual([2, 'needs-confirm']);
    expect(await line.failure('blacklist', 'add', 'hwid', 'Default string', '--yes')).toEqual([2, 'needs-confirm']);
    await line.json('blacklist', 'add', 'hwid', 'Default string', '--confirm', 'Default string');
  });

  test('what hits nothing says so on stderr, and stays JSON on stdout', async () => {
    const line = await withShop(commandLine());
    const ran = await line.run('blacklist', 'add', 'hwid', 'BOARD-7', '--json');
    expect(ran.err).toContain('It hits nothing: no license was bound or granted from there in the last 7 days.');
    expect(JSON.parse(ran.out)).toMatchObject({ entry: { type: 'hwid', value: 'BOARD-7' } });
    const ofUser = await line.run('blacklist', 'add', 'user', buyerId);
    expect(ofUser.err).toContain('this user owns no license');
  });

  test('a key is given as key:KEY or as the id of its license', async () => {
    const line = commandLine();
    const { licenses, check } = await withCustomers(line, 2);
    const [one, other] = licenses as [{ id: number; key: string }, { id: number; key: string }];
    await line.json('blacklist', 'add', 'key', String(one.id));
    await line.json('blacklist', 'add', 'key', `key:${other.key}`);
    for (const { key } of licenses) expect(await check(key, '203.0.113.5')).toBe('key-blacklisted');
    const checked = await line.json<{ entries: { value: string }[] }>('blacklist', 'check', `key:${one.key}`);
    expect(checked.entries.map(({ value }) => value)).toEqual([`…${one.key.slice(-5)}`]);
    await line.json('blacklist', 'remove', 'key', String(one.id));
    expect(await check(one.key, '203.0.113.5')).toBe('granted');
    expect(await line.failure('blacklist', 'add', 'key', '4711')).toEqual([1, 'license-not-found']);
  });

  test('a country is added, checked and removed by its name', async () => {
    const line = await withShop(commandLine());
    const { entry } = await line.json<{ entry: { value: string } }>('blacklist', 'add', 'country', 'germany');
    expect(entry.value).toBe('DEU');
    expect(await line.json('blacklist', 'check', 'Germany')).toEqual({ entries: [entry] });
    expect(await line.json('blacklist', 'remove', 'country', 'DE', '--guild', guildId)).toEqual({ entry });
  });
});

describe('a license that the blacklist denies', () => {
  test('says so on stderr when it is issued, shown and reassigned, and stdout stays as it is', async () => {
    const line = await withShop(commandLine());
    await line.json('blacklist', 'add', 'user', buyerId);
    const denied = `Every check is refused: user ${buyerId} is on the blacklist (entry 1).`;
    const issued = await line.run('license', 'issue', '--owner', buyerId, '--json');
    expect([issued.exitCode, issued.err]).toEqual([0, `${denied}\n`]);
    expect(JSON.parse(issued.out)).toMatchObject({ licenses: [{ id: 1, owner: buyerId }] });
    expect((await line.run('license', 'show', '1')).err).toBe(`${denied}\n`);
    const moved = await line.run('license', 'reassign', '1', '--owner', '200000000000000009', '--new-key');
    expect(moved.err).toBe('');
    expect((await line.run('license', 'reassign', '1', '--owner', buyerId)).err).toContain(denied);
  });
});
