import { describe, expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { commandLine } from '../../src/domain/actor.ts';
import { by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const pairOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
const pair = pairOf(2048);
const id = '300000000000000001';
const adding = { id, name: 'Shop', actor: commandLine, challengeKey: pair.privateKey };

describe('adding a guild', () => {
  test('what clients already know can be supplied', async () => {
    const { services, storage } = await open();
    const teamId = '1B4E28BA-2FA1-4D3B-9F2E-0C6D5A7B8E90';
    const { guild } = valueOf(await services.guilds.add({ ...adding, teamId, userId: 'DEADBEEF' }));
    expect(guild).toMatchObject({ id, name: 'Shop', teamId: teamId.toLowerCase(), userId: 'deadbeef' });
    expect(guild.publicKey).toBe(pair.publicKey);
    const [event] = await storage.audit(id, {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'guild.created', actor: { type: 'cli' } });
    expect(JSON.stringify(event)).not.toContain('PRIVATE');
  });

  test('what is not supplied is made: a UUID, hex and an RSA pair of 2,048 bits', async () => {
    const { services } = await open();
    const { guild } = valueOf(await services.guilds.add({ id, name: 'Shop', actor: commandLine }));
    expect(guild.teamId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(guild.userId).toMatch(/^[0-9a-f]{8}$/);
    expect(createPublicKey(guild.publicKey).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
  });

  test.each([
    ['the same server', 'guild-exists', {}],
    ['a team id of another guild', 'team-id-taken', { id: '300000000000000002', userId: 'aa' }],
    [
      'a user id of another guild',
      'user-id-taken',
      { id: '300000000000000002', teamId: '2b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90' },
    ],
    ['an id that no server has', 'invalid-id', { id: 'my-server' }],
    ['a team id that is no UUID', 'invalid-id', { teamId: 'team' }],
    ['a user id that is no hex', 'invalid-id', { userId: 'xyz' }],
    ['a blank name', 'text-missing', { name: ' ' }],
    ['a challenge key that is none', 'challenge-key-invalid', { challengeKey: 'no key' }],
    ['a challenge key of 1,024 bits', 'challenge-key-invalid', { challengeKey: pairOf(1024).privateKey }],
    ['a public challenge key', 'challenge-key-invalid', { challengeKey: pair.publicKey }],
    ['a system’s challenge key that is none', 'challenge-key-invalid', { systemKeys: { lukittu: 'no key' } }],
    [
      'a system’s challenge key of 1,024 bits',
      'challenge-key-invalid',
      { systemKeys: { licensegate: pairOf(1024).privateKey } },
    ],
  ])('%s is refused with %s', async (_what, code, own) => {
    const { services } = await open();
    const known = { ...adding, teamId: '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90', userId: 'deadbeef' };
    valueOf(await services.guilds.add(known));
    expect(codeOf(await services.guilds.add({ ...known, ...own }))).toBe(code);
  });
});

describe('the guild of a Discord server that the bot is in', () => {
  test('is made once and keeps up with its name', async () => {
    const { services } = await open();
    const first = await services.guilds.ensure({ id, name: 'Shop' });
    const renamed = await services.guilds.ensure({ id, name: 'New shop' });
    expect(renamed).toEqual({ ...first, name: 'New shop' });
    expect(valueOf(await services.guilds.find(id))).toEqual(renamed);
  });

  test('is one guild where two processes see it at once', async () => {
    const { services } = await open();
    const [one, other] = await Promise.all([1, 2].map(() => services.guilds.ensure({ id, name: 'Shop' })));
    expect(one).toEqual(other);
  });
});

describe('finding the guild that is meant', () => {
  test('the only one may be left out, and the quickstart guild does not count next to it', async () => {
    const { services } = await open();
    await services.guilds.quickstart();
    expect(valueOf(await services.guilds.find(null)).id).toBe('g1');
    valueOf(await services.guilds.delete(by('g1')));
    expect(valueOf(await services.guilds.find(null)).id).toBe('quickstart');
    valueOf(await services.guilds.delete(by('quickstart')));
    expect(await services.guilds.find(null)).toMatchObject({ error: { code: 'guild-not-found', guildId: null } });
  });

  test('of several one must be named', async () => {
    const { services, addGuild } = await open();
    await addGuild('g2');
    expect(await services.guilds.find(null)).toMatchObject({
      error: { code: 'guild-required', guildIds: ['g1', 'g2'] },
    });
    expect(codeOf(await services.guilds.find('g3'))).toBe('guild-not-found');
  });
});

test('renaming a guild is recorded, and fails where nothing changes', async () => {
  const { services, auditActions } = await open();
  expect(valueOf(await services.guilds.rename({ ...by(), name: 'Shop' })).guild.name).toBe('Shop');
  expect(codeOf(await services.guilds.rename({ ...by(), name: 'Shop' }))).toBe('nothing-to-change');
  expect(codeOf(await services.guilds.rename({ ...by('g9'), name: 'Shop' }))).toBe('guild-not-found');
  expect(codeOf(await services.guilds.rename({ ...by(), name: '' }))).toBe('text-missing');
  expect(await auditActions('guild')).toEqual(['guild.changed']);
});

test('deleting a guild removes it with everything in it and leaves one audit event', async () => {
  const { services, storage, issue, auditActions } = await open();
  const { license } = await issue();
  valueOf(await services.guilds.delete(by()));
  expect(await storage.license('g1', { id: license.id })).toBeNull();
  expect(await auditActions()).toEqual(['guild.deleted']);
  expect(codeOf(await services.guilds.delete(by()))).toBe('guild-not-found');
});

describe('quickstart', () => {
  test('gives the same guild, product and license each time, and a fresh API key', async () => {
    const { services, check } = await open();
    const first = await services.guilds.quickstart();
    const second = await services.guilds.quickstart();
    expect(second).toEqual({ ...first, apiKey: second.apiKey });
    const tryOut = (secret: string) =>
      check({
        guildReference: { by: 'api-key', secret },
        key: first.key,
        product: first.product.name,
        version: '1.0.0',
      });
    expect(await tryOut(second.apiKey.secret)).toMatchObject({ result: 'granted' });
    expect(await tryOut(first.apiKey.secret)).toMatchObject({ result: 'unknown-guild', reason: 'api-key-unknown' });
  });

  test('restores its product when it was deleted', async () => {
    const { services } = await open();
    const { product, license } = await services.guilds.quickstart();
    valueOf(await services.products.delete({ ...by('quickstart'), productId: product.id, name: product.name }));
    expect(await services.guilds.quickstart()).toMatchObject({
      product: { id: product.id },
      license: { id: license.id },
    });
  });
});
