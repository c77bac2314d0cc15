import { afterEach, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { useShops } from '../support/running-shop.ts';
import { send } from '../wire/support/send.ts';

const startShop = useShops();
let discord: LocalDiscord | undefined;
afterEach(() => discord?.stop());

interface Printed {
  readonly licenses?: readonly { readonly id: number; readonly key: string }[];
  readonly license?: { readonly id: number; readonly key: string };
  readonly apiKey?: { readonly id: number; readonly secret: string };
}

test('after everything that is done with keys, no output, record or file holds one in full', async () => {
  discord = await startLocalDiscord({ rateLimits: false });
  const [managerId, buyerId, friendId] = ['manager', 'buyer', 'friend'].map((name) =>
    discord!.addUser({ username: name }),
  );
  const guildId = discord.addGuild({ name: 'Shop', ownerId: managerId! });
  const channels = ['valid', 'failed', 'admin', 'alerts', 'general'] as const;
  const channelIds = channels.map((name) => discord!.addChannel(guildId, { name }));
  const general = channelIds[4]!;
  for (const id of [buyerId!, friendId!]) discord.addMember(guildId, id);

  const shop = await startShop({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    LATCHKEY_GUARD_FAILURES: '20',
  });
  await shop.app.botStarted;
  await discord.until(() => discord!.registeredCommands().length > 0);

  await shop.services.guilds.ensure({ id: guildId, name: 'Shop' });

  const secrets = new Map<string, string>();
  const keep = (what: string, secret: string) => void secrets.set(secret, what);
  keep('the bot’s token', discord.token);
  keep('the master key', shop.masterKey);
  /** What is allowed to hold no secret, by what it is. */
  const outputs = new Map<string, string>();

  /** A command that may print a secret whole prints it there alone. */
  const printing = (...argv: string[]) => printingFrom('', argv);
  async function printingFrom(input: string, argv: readonly string[]): Promise<Printed> {
    const { exitCode, out, err } = await shop.cli([...argv, '--guild', guildId], input);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${out}${err}`);
    outputs.set(`stderr of ${argv.slice(0, 2).join(' ')}`, err);
    const printed = JSON.parse(out) as Printed;
    for (const { key } of [...(printed.licenses ?? []), ...(printed.license ? [printed.license] : [])])
      keep('a key', key);
    if (printed.apiKey) keep('an API key', printed.apiKey.secret);
    return printed;
  }
  async function silent(argv: readonly string[], expected = 0): Promise<void> {
    const { exitCode, out, err } = await shop.cli([...argv, '--guild', guildId]);
    expect({ argv, exitCode, out: exitCode === expected ? '' : out }).toEqual({ argv, exitCode: expected, out: '' });
    outputs.set(`latchkey ${argv.slice(0, 2).join(' ')} ${outputs.size}`, out + err);
  }
  const refused = (...argv: string[]) => silent(argv, 1);
  async function check(what: string, apiKey: string, fields: object, headers = {}): Promise<number> {
    const { status, body, headers: answered } = await shop.check(apiKey, fields, headers);
    outputs.set(`answer to ${what}`, body + JSON.stringify(answered));
    return status;
  }

  for (const [index, name] of channels.slice(0, 4).entries()) {
    await silent(['settings', 'set', `channels.${name}`, channelIds[index]!]);
  }
  await silent(['settings', 'set', 'channels.validMode', 'all']);
  await silent(['product', 'add', 'Plugin', '--version', '1.0.0']);
  const { apiKey } = await printing('apikey', 'create', '--name', 'main');
  const supplied = 'an-api-key-that-programs-already-have';
  keep('a supplied API key', supplied);
  await printingFrom(`${supplied}\n`, ['apikey', 'create', '--name', 'old', '--secret-stdin']);
  await silent(['apikey', 'list']);

  const { licenses } = await printing(
    'license',
    'issue',
    '--product',
    'Plugin',
    '--owner',
    buyerId!,
    '--hwid-limit',
    '1',
  );
  const { id, key } = licenses![0]!;
  await printing('license', 'issue', '--product', 'Plugin', '--amount', '5');
  const given = 'OLDKEY-OF-A-SHOP-THAT-MOVED-HERE';
  keep('a supplied key', given);
  await printing('license', 'issue', '--product', 'Plugin', '--key', given);
  // Taken already: the refusal must not repeat it.
  await refused('license', 'issue', '--product', 'Plugin', '--key', given);

  const { secret } = apiKey!;
  expect(await check('a granted check', secret, { licensekey: key })).toBe(200);
  expect(await check('a full license', secret, { licensekey: key, hwid: 'SECOND' })).toBe(400);
  expect(await check('a supplied API key', supplied, { licensekey: given, hwid: 'OTHER' })).toBe(200);
  expect(await check('a wrong field', secret, { licensekey: key, hwid: 5 })).toBe(400);
  expect(await check('an unknown version', secret, { licensekey: key, version: '9' })).toBe(400);
  expect(await check('a wrong API key', `${secret}x`, { licensekey: key })).toBe(403);
  expect(await check('a key with a typo', secret, { licensekey: `${key}X` })).toBe(404);
  expect(await check('a key for an API key', key, { licensekey: secret })).toBe(403);
  keep('a key with a typo', `${key}X`);
  expect((await send(shop.app.port, { path: `/api/license/auth/${key}` })).status).toBe(404);

  await silent(['license', 'suspend', key, '--reason', 'chargeback']);
  expect(await check('a suspended license', secret, { licensekey: key })).toBe(403);
  await silent(['license', 'resume', key]);
  await silent(['license', 'edit', `key:${key}`, '--note', 'a note']);
  await silent(['license', 'list']);
  await refused('license', 'show', `${key}X`);
  await silent(['attempts', '--license', key]);
  await silent(['blacklist', 'add', 'key', given, '--reason', 'leaked']);
  await silent(['blacklist', 'check', given]);
  await silent(['blacklist', 'list']);
  expect(await check('a blacklisted key', secret, { licensekey: given, hwid: 'OTHER' })).toBe(403);
  await silent(['blacklist', 'remove', 'key', given]);
  await printing('license', 'rekey', String(id));
  await printing('license', 'reassign', String(id), '--owner', friendId!, '--new-key');
  await printing('license', 'show', String(id));
  await silent(['license', 'reset', String(id), 'all']);
  await refused('license', 'extend', given, '30d');
  await silent(['license', 'delete', given, '--yes']);
  await refused('license', 'issue', '--product', 'Plugin', '--key', given);
  const [address, second] = ['ana.lyse@shop.example', 'second.one@shop.example'];
  for (const text of [address, second, address.toUpperCase(), 'no@address@shop']) keep('an e-mail address', text);
  await silent(['customer', 'add', '--email', address, '--identity', 'builtbybit:1']);
  await silent(['customer', 'add', '--email', address]);
  await refused('customer', 'edit', address, '--username', 'ana');
  await refused('customer', 'edit', 'builtbybit:1', '--email', 'no@address@shop');
  await silent(['customer', 'edit', 'builtbybit:1', '--email', second]);
  await silent(['customer', 'show', address.toUpperCase()]);
  await silent(['customer', 'list']);
  await silent(['customer', 'merge', second, address, '--yes']);
  await refused('license', 'show', address);
  await silent(['audit']);
  await silent(['doctor']);
  await silent(['apikey', 'revoke', String(apiKey!.id)]);
  expect(await check('a revoked API key', secret, { licensekey: key })).toBe(403);

  // The other half of the work: staff and a buyer in Discord.
  const manager = discord.user(managerId!);
  const buyer = discord.user(buyerId!);
  const unclaimed = [...secrets].filter(([, what]) => what === 'a key').map(([text]) => text)[1]!;
  await manager.command(guildId, general, 'license info', { license: unclaimed });
  await manager.command(guildId, general, 'license search', { text: unclaimed });
  await manager.command(guildId, general, 'license suspend', { license: unclaimed });
  await manager.command(guildId, general, 'license resume', { license: unclaimed });
  await manager.command(guildId, general, 'customer show', { who: address });
  await manager.command(guildId, general, 'customer edit', { who: address, username: 'ana', email: second });
  await manager.command(guildId, general, 'license search', { text: second });
  await buyer.command(guildId, general, 'redeem', { key: `${unclaimed}X` });
  await buyer.command(guildId, general, 'redeem', { key: unclaimed });
  const made = await manager.command(guildId, general, 'apikey create', { name: 'from Discord' });
  await made.until(({ followUps }) => followUps.length === 1);
  keep('an API key made in Discord', made.followUps[0]!.content);
  await discord.until(() => discord!.dms(buyerId!).some(({ text }) => text.includes(unclaimed)));
  // What came together is posted together; what comes after it is posted in full.
  await discord.until(() => channelIds.slice(0, 3).every((channelId) => discord!.messages(channelId).length > 0));
  await printing('license', 'rekey', String(id));
  await discord.until(() => discord!.messages(channelIds[2]!).length > 1);
  // Discord's library puts the whole request, and the key in it, into its errors.
  const untold = 'A-KEY-WHOSE-MESSAGE-DISCORD-REFUSED';
  keep('a key that could not be told', untold);
  const invalid = { status: 400, body: { code: 50035, message: 'Invalid Form Body' }, times: 9 };
  discord.inject({ method: 'POST', path: /^\/webhooks\//, ...invalid });
  await manager.command(guildId, general, 'license issue', { key: untold });

  outputs.set('metrics', (await send(shop.app.opsPort!, { method: 'GET', path: '/metrics' })).body);
  outputs.set('readyz', (await send(shop.app.port, { method: 'GET', path: '/readyz' })).body);
  for (const [index, channelId] of channelIds.entries()) {
    const messages = discord.messages(channelId).filter(({ ephemeral }) => !ephemeral);
    outputs.set(`channel ${channels[index]!}`, JSON.stringify(messages));
  }
  const { storage } = shop;
  const page = { limit: 10_000, beforeId: null };
  const pem = (await storage.challengeKey(guildId))!;
  keep('the guild’s private key', pem.split('\n')[5]!);
  outputs.set('audit', JSON.stringify(await storage.audit(guildId, {}, page)));
  outputs.set('attempts', JSON.stringify(await storage.attempts(guildId, { quiet: true }, page)));
  outputs.set('effects', JSON.stringify(await storage.effectsById(Array.from({ length: 1_000 }, (_, one) => one))));
  outputs.set('alerts', JSON.stringify(await storage.alertsAfter(0, 10_000)));
  outputs.set('blacklist', JSON.stringify(await storage.blacklist(guildId, {}, page)));
  await storage.backup(join(shop.dir, 'copy.db'));
  const files = readdirSync(shop.dir).filter((name) => name !== 'master.key');
  expect(files).toEqual(expect.arrayContaining(['copy.db', 'latchkey.db', 'latchkey.db-wal']));
  for (const name of files) outputs.set(name, readFileSync(join(shop.dir, name), 'latin1'));
  await shop.app.stop();
  outputs.set('log', shop.logged());

  // They are records of just that: each names what happened.
  expect(outputs.get('log')).toMatch(/A command failed.*Invalid Form Body/);
  expect(outputs.get('audit')).toContain('license.rekeyed');
  expect(outputs.get('attempts')).toContain('hwid-limit');
  expect(outputs.get('effects')).toContain('"type":"keys"');
  expect(outputs.get('metrics')).toContain('latchkey_checks_total{protocol="tki",result="granted"} 2');
  expect(outputs.get('channel failed')).toContain('SECOND');
  expect(outputs.get('latchkey.db-wal')!.length + outputs.get('latchkey.db')!.length).toBeGreaterThan(100_000);
  expect(outputs.get('copy.db')).toContain(given.slice(-4));
  expect(secrets.size).toBeGreaterThanOrEqual(17);

  const leaks: string[] = [];
  for (const [secret, what] of secrets) {
    for (const [where, text] of outputs) {
      if (text.toLowerCase().includes(secret.toLowerCase())) leaks.push(`${what} in ${where}`);
    }
  }
  expect(leaks).toEqual([]);
}, 30_000);
