import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ApiKey } from '../../../src/domain/api-key.ts';
import { describeApiKey } from '../../../src/discord/texts/api-keys.ts';
import { type ManagerWorld, pingsIn, publicTexts, startManagerWorld } from '../../support/manager-world.ts';
import { valueOf } from '../../support/open-services.ts';

const secretText = /lk[A-Za-z0-9]{43}/;

describe('/apikey', () => {
  let world: ManagerWorld;
  beforeAll(async () => {
    world = await startManagerWorld();
    await world.services.products.create({ ...world.by, name: 'Vault' });
  });
  afterAll(() => world.stop());

  const newest = async () => (await world.services.apiKeys.list(world.guildId)).at(-1)!;

  test('the secret is shown once, alone, to the one who made it, and works', async () => {
    const made = await world.manager('apikey create', { name: 'Panel @everyone' });
    await made.until(({ followUps }) => followUps.length === 1);
    const [secretMessage] = made.followUps;
    expect(secretMessage?.content).toMatch(secretText);
    expect(secretMessage?.content).toHaveLength('lk'.length + 43);
    expect(secretMessage?.ephemeral).toBe(true);
    expect(made.reply?.ephemeral).toBe(true);
    expect(made.reply?.buttons).toEqual([]);
    const { key } = await world.issue();
    const secret = secretMessage!.content;
    expect(await world.check({ key, guildReference: { by: 'api-key', secret } })).toBe('granted');
    const listed = await world.manager('apikey list');
    expect(listed.reply?.text).not.toMatch(secretText);
    expect(listed.reply?.text).toContain('Panel');
  });

  test('scopes and end are as asked for', async () => {
    await world.manager('apikey create', { name: 'Shop', scopes: 'licenses:read, licenses:write', expires: '90d' });
    const apiKey = await newest();
    expect(apiKey.scopes).toEqual(['licenses:read', 'licenses:write']);
    expect(apiKey.expiresAt).not.toBeNull();
    const refused = await world.manager('apikey create', { name: 'Shop', expires: 'soon' });
    expect(refused.reply?.text).toContain('That is no expiry');
    expect((await newest()).id).toBe(apiKey.id);
  });

  test('an own secret is taken, and warned about where it can be guessed', async () => {
    const made = await world.manager('apikey create', { name: 'Old', secret: 'shipped-1' });
    await made.until(({ followUps }) => followUps.length === 1);
    expect(made.reply?.text).toContain('can be guessed');
    expect(made.followUps[0]?.content).toBe('shipped-1');
    const taken = await world.manager('apikey create', { name: 'Old', secret: 'shipped-1' });
    expect(taken.reply?.text).toContain('in use already');
    expect(taken.reply?.text).not.toContain('shipped-1');
  });

  test('revoking asks first, and ends it with the next check', async () => {
    const { apiKey, secret } = valueOf(await world.services.apiKeys.create({ ...world.by, name: 'Leaked' }));
    const { key } = await world.issue();
    const guildReference = { by: 'api-key', secret } as const;
    const asked = await world.manager('apikey revoke', { apikey: String(apiKey.id) });
    expect(asked.reply?.text).toContain('Leaked');
    expect(await world.check({ key, guildReference })).toBe('granted');
    await world.press(asked.reply, 'Revoke it');
    expect(await world.check({ key, guildReference })).toBe('unknown-guild');
    const again = await world.manager('apikey revoke', { apikey: String(apiKey.id) });
    expect(again.reply?.text).toContain('already');
    expect(await world.choices(world.managerId, 'apikey revoke', 'apikey', { apikey: 'leaked' })).toEqual([]);
  });

  test('an API key of another guild is not found, not even by a forged button', async () => {
    const { apiKey } = valueOf(await world.services.apiKeys.create({ ...world.other, name: 'Foreign' }));
    const { reply } = await world.manager('apikey revoke', { apikey: String(apiKey.id) });
    expect(reply?.text).toContain('no such API key');
    expect(await world.choices(world.managerId, 'apikey revoke', 'apikey', { apikey: 'foreign' })).toEqual([]);
    expect((await world.manager('apikey list')).reply?.text).not.toContain('Foreign');
    const own = valueOf(await world.services.apiKeys.create({ ...world.by, name: 'Own' })).apiKey;
    const asked = await world.manager('apikey revoke', { apikey: String(own.id) });
    const customId = asked.reply!.buttons[0]!.customId!;
    const forged = customId.replace(/\d+$/, String(apiKey.id));
    const pressed = await world.discord.user(world.managerId).click(asked.reply!, forged, { forged: true });
    expect(pressed.reply?.text).toContain('older version of me');
    expect((await world.services.apiKeys.list('200000000000000001')).at(-1)?.revokedAt).toBeNull();
  });

  test('a list longer than a page goes on', async () => {
    for (let number = 1; number <= 12; number++) {
      await world.services.apiKeys.create({ ...world.by, name: `Batch ${number}` });
    }
    const { reply } = await world.manager('apikey list');
    expect(reply?.text).toContain('Batch 12');
    expect(reply?.text).not.toContain('Batch 2*');
    const older = await world.press(reply, 'Older ▶');
    expect(older.reply?.text).toContain('Batch 2*');
  });

  test('Moderate Members alone is not enough', async () => {
    const before = await newest();
    const { reply } = await world.staff('apikey create', { name: 'Mine' });
    expect(reply?.text).toContain('Manage Server');
    expect((await newest()).id).toBe(before.id);
    expect((await world.staff('apikey list')).reply?.text).toContain('Manage Server');
  });

  test('nothing of it is public, and no user is pinged', () => {
    expect(publicTexts(world)).toBe('');
    expect(pingsIn(world)).toEqual([]);
  });
});

test('an API key in a list shows its state without its secret', () => {
  const now = new Date('2027-01-01T00:00:00Z');
  const apiKey: ApiKey = {
    id: 3,
    guildId: '1',
    name: '**x**',
    scopes: ['auth'],
    createdAt: now,
    createdBy: 'cli',
    expiresAt: null,
    revokedAt: null,
  };
  expect(describeApiKey(apiKey, now)).toBe('**\\*\\*x\\*\\*** (#3) · auth · valid for ever');
  expect(describeApiKey({ ...apiKey, expiresAt: now }, now)).toContain('expired');
  expect(describeApiKey({ ...apiKey, expiresAt: new Date(now.getTime() + 1) }, now)).toContain('valid until');
  expect(describeApiKey({ ...apiKey, revokedAt: now }, now)).toContain('revoked');
});
