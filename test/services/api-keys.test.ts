import { describe, expect, test } from '@jest/globals';
import { by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

describe('creating an API key', () => {
  test('makes a secret that works until it is revoked', async () => {
    const { services, issue, check, auditActions } = await open();
    const { key } = await issue();
    const { apiKey, secret, warnings } = valueOf(await services.apiKeys.create({ ...by(), name: 'Panel' }));
    expect(secret).toMatch(/^lk[A-Za-z0-9]{43}$/);
    expect(apiKey).toMatchObject({ name: 'Panel', scopes: ['auth'], expiresAt: null, createdBy: 'cli' });
    expect(warnings).toEqual([]);
    const guildReference = { by: 'api-key', secret } as const;
    expect(await check({ guildReference, key })).toMatchObject({ result: 'granted' });
    expect(valueOf(await services.apiKeys.revoke({ ...by(), id: apiKey.id })).revokedAt).not.toBeNull();
    expect(await check({ guildReference, key })).toMatchObject({ reason: 'api-key-unknown' });
    expect(await auditActions(`api-key:${apiKey.id}`)).toEqual(['api-key.revoked', 'api-key.created']);
    expect((await services.apiKeys.list('g1')).map(({ name }) => name)).toEqual(['main', 'Panel']);
  });

  test('stores its name without what cannot be seen', async () => {
    const { services } = await open();
    const { apiKey } = valueOf(await services.apiKeys.create({ ...by(), name: '\u200eMy\u00a0 Pa\u00adnel ' }));
    expect(apiKey.name).toBe('My Panel');
    expect(codeOf(await services.apiKeys.create({ ...by(), name: ' \u200b ' }))).toBe('text-missing');
  });

  test('takes a supplied secret, and warns of a short one', async () => {
    const { services, issue, check } = await open();
    const { key } = await issue();
    const input = { ...by(), name: 'Old', secret: 'short', scopes: ['licenses:read', ' auth'] };
    const made = valueOf(await services.apiKeys.create(input));
    expect(made).toMatchObject({ secret: 'short', apiKey: { scopes: ['auth', 'licenses:read'] } });
    expect(made.warnings).toEqual([{ code: 'guessable-secret', safeLength: 20 }]);
    expect(await check({ guildReference: { by: 'api-key', secret: 'short' }, key })).toMatchObject({
      result: 'granted',
    });
  });

  test('may end by itself', async () => {
    const { services, clock, check, issue } = await open();
    const { key } = await issue();
    const { secret } = valueOf(await services.apiKeys.create({ ...by(), name: 'Trial', expires: '1d' }));
    clock.advance(86_400_000);
    expect(await check({ guildReference: { by: 'api-key', secret }, key })).toMatchObject({
      reason: 'api-key-unknown',
    });
  });

  test.each([
    ['guild-not-found', { guildId: 'g9' }],
    ['text-missing', { name: '' }],
    ['text-too-long', { name: 'x'.repeat(101) }],
    ['scope-unknown', { scopes: ['auth', 'admin'] }],
    ['scope-unknown', { scopes: [] }],
    ['api-key-invalid', { secret: '' }],
    ['api-key-invalid', { secret: ' padded ' }],
    ['api-key-invalid', { secret: 'x'.repeat(256) }],
    ['api-key-taken', { secret: 'secret-of-g1' }],
    ['api-key-taken', { guildId: 'g2', secret: 'secret-of-g1' }],
    ['invalid-expiry', { expires: '30d@activation' }],
    ['invalid-expiry', { expires: 'soon' }],
  ])('is refused with %s for %j', async (code, own) => {
    const { services, addGuild } = await open();
    await addGuild('g2');
    expect(codeOf(await services.apiKeys.create({ ...by(), name: 'Panel', ...own }))).toBe(code);
  });
});

test("another guild's API key is neither listed nor revoked", async () => {
  const { services, addGuild, issue, check } = await open();
  await addGuild('g2');
  const { key } = await issue();
  const [own] = await services.apiKeys.list('g1');
  expect(await services.apiKeys.list('g2')).not.toContainEqual(own);
  expect(codeOf(await services.apiKeys.revoke({ ...by('g2'), id: own!.id }))).toBe('api-key-not-found');
  expect(codeOf(await services.apiKeys.revoke({ ...by(), id: 4711 }))).toBe('api-key-not-found');
  expect(await check({ key })).toMatchObject({ result: 'granted' });
});

describe('who presents a secret', () => {
  test('is known while the API key is valid', async () => {
    const { services, clock } = await open();
    const create = async (secret: string, own: object = {}) =>
      valueOf(await services.apiKeys.create({ ...by(), name: 'shop', secret, scopes: ['licenses:read'], ...own }));
    const { apiKey } = await create('good');
    const revoked = await create('revoked');
    await services.apiKeys.revoke({ ...by(), id: revoked.apiKey.id });
    await create('short', { expires: '1d' });
    const identify = services.apiKeys.identify;
    expect(await identify('good')).toEqual(apiKey);
    expect(await identify('short')).not.toBeNull();
    clock.advance(86_400_000);
    for (const secret of ['short', 'revoked', 'Good', '']) expect(await identify(secret)).toBeNull();
  });
});
