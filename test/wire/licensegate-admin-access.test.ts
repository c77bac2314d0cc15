import { describe, expect, test } from '@jest/globals';
import type { Scope } from '../../src/domain/api-key.ts';
import { createLicenseGateAdmin } from '../../src/http/protocols/licensegate-admin/index.ts';
import type { AdminServices } from '../../src/http/protocols/licensegate-admin/admin-services.ts';
import { createTurns } from '../../src/http/turns.ts';
import { everything, goldKey, minimal, useAdmin, page } from './support/admin.ts';
import { describeOverStores } from './support/over-stores.ts';
import { worldGuildId } from './support/world.ts';

const openAdmin = useAdmin();

describeOverStores((store) => {
  describe('who may', () => {
    const unauthorized = { status: 401, body: '{"error":"unauthorized","details":"Invalid API key"}' };

    test('is in a browser: every page may ask, with the headers that it names', async () => {
      const { ask } = await openAdmin(store);
      const origin = { 'access-control-allow-origin': '*' };
      expect((await ask('GET', '')).headers).toMatchObject(origin);
      expect(await ask('GET', '', undefined, { headers: { Authorization: 'wrong' } })).toMatchObject({
        status: 401,
        headers: origin,
      });
      const asked = {
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      };
      for (const path of ['', '/1', '/key/K']) {
        const preflight = await ask('OPTIONS', path, undefined, { headers: { Authorization: '', ...asked } });
        expect(preflight).toMatchObject({
          status: 204,
          headers: {
            ...origin,
            'access-control-allow-methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
            'access-control-allow-headers': 'authorization,content-type',
            vary: 'Access-Control-Request-Headers',
          },
        });
      }
    });

    test('presents an API key raw, behind Bearer or in the query', async () => {
      const { ask } = await openAdmin(store);
      for (const Authorization of ['golden-api-key', 'Bearer golden-api-key', ' bearer  golden-api-key ']) {
        expect((await ask('GET', '', undefined, { headers: { Authorization } })).status).toBe(200);
      }
      const without = { headers: { Authorization: '' } };
      expect((await ask('GET', '?api_key=golden-api-key', undefined, without)).status).toBe(200);
      for (const query of [
        '',
        '?api_key=',
        '?api_key=x',
        '?api_key=golden-api-key&api_key=x',
        '?api_key[]=golden-api-key',
        '?%zz',
      ]) {
        expect(await ask('GET', query, undefined, without)).toMatchObject(unauthorized);
      }
      const wrong = { headers: { Authorization: 'wrong' } };
      expect(await ask('GET', '?api_key=golden-api-key', undefined, wrong)).toMatchObject(unauthorized);
    });

    test.each<readonly [readonly Scope[], number, number]>([
      [['licenses:read'], 200, 401],
      [['licenses:write'], 401, 201],
      [['auth'], 401, 401],
    ])('with the scopes %j reads: %i, and writes: %i', async (scopes, read, write) => {
      const { ask, storage } = await openAdmin(store, { world: { apiKey: { scopes } } });
      expect((await ask('GET', '')).status).toBe(read);
      expect((await ask('POST', '', minimal)).status).toBe(write);
      const [gold] = await storage.licenses(worldGuildId, { keySuffix: 'GOLD5' }, page);
      const onOne = [await ask('GET', `/${gold!.id}`), await ask('GET', `/key/${goldKey}`)];
      expect(onOne.map(({ status }) => status === 401)).toEqual([read === 401, read === 401]);
      expect((await ask('DELETE', `/${gold!.id}`)).status === 401).toBe(write === 401);
    });

    test.each([{ revoked: true }, { expiresAt: '2030-06-15T12:00:00.000Z' }])('is denied with %j', async (own) => {
      const { ask } = await openAdmin(store, { world: { apiKey: { scopes: everything, ...own } } });
      expect(await ask('GET', '')).toMatchObject(unauthorized);
      expect(await ask('POST', '', minimal)).toMatchObject(unauthorized);
    });

    test('reaches no license of another guild, by id, key or list', async () => {
      const { ask, json, storage } = await openAdmin(store);
      const [foreign] = await storage.licenses('200000000000000002', {}, page);
      const key = 'OTHER-OTHER-OTHER-OTHER-OTHER';
      for (const path of [`/${foreign!.id}`, `/key/${key}`]) expect((await ask('GET', path)).status).toBe(404);
      expect((await ask('PATCH', `/${foreign!.id}`, { active: false })).status).toBe(404);
      expect((await ask('DELETE', `/${foreign!.id}`)).status).toBe(404);
      expect(JSON.stringify(await json('GET', '?take=1000'))).not.toContain('OTHER');
      expect((await ask('POST', '', { ...minimal, licenseKey: key })).status).toBe(201);
      expect(await storage.license('200000000000000002', { id: foreign!.id })).toEqual(foreign);
    });

    test('is limited and guarded when the API key is wrong, and never guarded when it is right', async () => {
      const { ask, clock } = await openAdmin(store, {
        config: { rateLimit: { licensegate: 3 }, guard: { failures: 4 } },
      });
      const wrong = (secret: string, ip = '203.0.113.5') =>
        ask('GET', '', undefined, { headers: { Authorization: secret, 'X-Forwarded-For': ip } });
      const right = () => wrong('golden-api-key');
      for (let index = 0; index < 10; index += 1) expect((await right()).status).toBe(200);
      for (const secret of ['a', 'b', 'c']) expect(await wrong(secret)).toMatchObject(unauthorized);
      const limited = await wrong('d');
      expect(limited).toMatchObject({
        status: 429,
        body: '{"error":"too-many-requests","details":"Too many requests"}',
      });
      expect(limited.headers['retry-after']).toBe('60');
      clock.advance(60_000);
      for (const secret of ['d', 'e']) expect(await wrong(secret)).toMatchObject(unauthorized);
      expect((await wrong('f')).status).toBe(429);
      expect((await right()).status).toBe(200);
      expect(await wrong('f', '203.0.113.6')).toMatchObject(unauthorized);
      clock.advance(10 * 60_000);
      expect(await wrong('f')).toMatchObject(unauthorized);
    });

    test('has ten times the limit of an address for itself, from all addresses together', async () => {
      const { ask, clock } = await openAdmin(store, { config: { rateLimit: { licensegate: 3 } } });
      const from = (index: number) => ({ headers: { 'X-Forwarded-For': `203.0.113.${index}` } });
      for (let index = 0; index < 30; index += 1) {
        expect((await ask('GET', '?take=0', undefined, from(index))).status).toBe(200);
      }
      const limited = await ask('GET', '?take=0', undefined, from(30));
      expect(limited).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
      clock.advance(60_000);
      expect((await ask('GET', '?take=0')).status).toBe(200);
    });

    test('is no unknown value for the guard where only its scope is another', async () => {
      const { ask } = await openAdmin(store, {
        world: { apiKey: { scopes: ['auth'] } },
        config: { guard: { failures: 1 } },
      });
      for (let index = 0; index < 3; index += 1) expect(await ask('GET', '')).toMatchObject(unauthorized);
      const wrong = async (secret: string) =>
        (await ask('GET', '', undefined, { headers: { Authorization: secret } })).status;
      expect([await wrong('a'), await wrong('b'), await wrong('c')]).toEqual([401, 401, 429]);
    });
  });
});

test('every action declares its scope: GET reads, everything else writes', () => {
  const routes = createLicenseGateAdmin({} as AdminServices, () => new Date(0), createTurns());
  const actions = routes.flatMap((route) => Object.entries(route.actions));
  expect(actions).toHaveLength(6);
  for (const [method, { scope }] of actions) expect(scope).toBe(method === 'GET' ? 'licenses:read' : 'licenses:write');
});
