import { describe, expect, test } from '@jest/globals';
import { everything, goldKey, type LicenseJson, minimal, useAdmin, userId } from './support/admin.ts';
import { describeOverStores } from './support/over-stores.ts';
import { worldGuildId } from './support/world.ts';

const openAdmin = useAdmin();

describeOverStores((store) => {
  describe('making a license', () => {
    test('answers it in the system’s own words, and it can be used at once', async () => {
      const { ask, verify } = await openAdmin(store);
      const answer = await ask('POST', '', {
        ...minimal,
        licenseKey: 'KEY-1',
        ipLimit: 1,
        licenseScope: 'pro',
        expirationDate: '2031-01-31',
        validationPoints: 3,
        validationLimit: 5,
        replenishAmount: 2,
        replenishInterval: 'TEN_SECONDS',
      });
      const { id } = JSON.parse(answer.body) as LicenseJson;
      expect(answer.body).toBe(
        `{"id":${id},"active":true,"userId":${userId},"licenseKey":"KEY-1","name":"Jane","notes":"paid","ipLimit":1,` +
          '"licenseScope":"pro","expirationDate":"2031-01-31T00:00:00.000Z","validationPoints":3,"validationLimit":5,' +
          '"replenishAmount":2,"replenishInterval":"TEN_SECONDS","createdAt":"2030-06-15T12:00:00.000Z"}',
      );
      expect(answer.status).toBe(201);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(await verify('KEY-1', '203.0.113.5', '?scope=pro')).toBe('VALID');
      expect(await verify('KEY-1', '203.0.113.6', '?scope=pro')).toBe('IP_LIMIT_EXCEEDED');
      expect(await verify('KEY-1')).toBe('LICENSE_SCOPE_FAILED');
    });

    test('needs no more than three fields, and makes a key', async () => {
      const { ask } = await openAdmin(store);
      const answer = await ask('POST', '', minimal);
      const { id, licenseKey } = JSON.parse(answer.body) as LicenseJson;
      expect(licenseKey).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(answer.body).toBe(
        `{"id":${id},"active":true,"userId":${userId},"licenseKey":"${licenseKey}","name":"Jane","notes":"paid",` +
          '"ipLimit":null,"licenseScope":null,"expirationDate":null,"validationPoints":null,"validationLimit":null,' +
          '"replenishAmount":null,"replenishInterval":null,"createdAt":"2030-06-15T12:00:00.000Z"}',
      );
    });

    test('belongs to the product of the setting, made once, forgets IPs after 12 hours, and was made by the API key', async () => {
      const { json, storage, audit } = await openAdmin(store);
      const made = await Promise.all(Array.from({ length: 5 }, () => json('POST', '', minimal)));
      const product = (await storage.bundle(worldGuildId))?.products.byName('LicenseGate');
      for (const { id } of made) {
        const license = await storage.license(worldGuildId, { id });
        expect(license).toMatchObject({ productId: product?.id, forgetAfter: { ip: 720, hwid: 'inherit' } });
        expect(license?.createdBy).toMatch(/^api-key:\d+$/);
      }
      const events = await audit();
      expect(events.filter((event) => event === 'api-key product.created')).toHaveLength(1);
      expect(events.filter((event) => event === 'api-key license.issued')).toHaveLength(5);
    });

    test('that is not active, or has expired, is refused to clients', async () => {
      const { json, verify } = await openAdmin(store);
      await json('POST', '', { ...minimal, active: false, licenseKey: 'OFF' });
      await json('POST', '', { ...minimal, licenseKey: 'OLD', expirationDate: '2030-06-15T12:00:00' });
      expect([await verify('OFF'), await verify('OLD')]).toEqual(['NOT_ACTIVE', 'EXPIRED']);
    });

    test('refuses a key that another license has', async () => {
      const { ask } = await openAdmin(store);
      const taken = '{"error":"license-with-same-key-already-exists","details":"License with same key already exists"}';
      expect(await ask('POST', '', { ...minimal, licenseKey: goldKey })).toMatchObject({ status: 400, body: taken });
    });

    test('takes the key of a deleted license over, as a module that terminates and creates again expects', async () => {
      const { ask, json, storage, verify, audit } = await openAdmin(store);
      const first = await json('POST', '', { ...minimal, licenseKey: 'AGAIN' });
      await json('DELETE', `/${first.id}`);
      const answer = await ask('POST', '', { ...minimal, licenseKey: 'AGAIN' });
      expect(answer.status).toBe(201);
      const second = JSON.parse(answer.body) as LicenseJson;
      expect(second).toMatchObject({ licenseKey: 'AGAIN' });
      expect(second.id).not.toBe(first.id);
      expect(await verify('AGAIN')).toBe('VALID');
      expect(await json('GET', '/key/AGAIN')).toMatchObject({ id: second.id });
      // The deleted license can be restored, with a key of its own.
      expect(await storage.license(worldGuildId, { id: first.id })).toMatchObject({ deletedAt: expect.any(Date) });
      expect(await storage.licenseKey(worldGuildId, first.id)).not.toBe('AGAIN');
      expect((await audit()).filter((event) => event === 'api-key license.rekeyed')).toHaveLength(1);
    });

    test('of many at once with the key of a deleted license makes one', async () => {
      const { ask, json } = await openAdmin(store);
      const same = { ...minimal, licenseKey: 'RACE' };
      await json('DELETE', `/${(await json('POST', '', same)).id}`);
      const answers = await Promise.all(Array.from({ length: 12 }, () => ask('POST', '', same)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, ...Array.from({ length: 11 }, () => 400)]);
    });

    test('takes keys in other letter cases for the same, as its database does', async () => {
      const { ask, json } = await openAdmin(store);
      const taken = '{"error":"license-with-same-key-already-exists","details":"License with same key already exists"}';
      const other = goldKey.toLowerCase();
      expect(await ask('POST', '', { ...minimal, licenseKey: other })).toMatchObject({ status: 400, body: taken });
      const { id } = await json('POST', '', { ...minimal, licenseKey: 'Own Key' });
      expect(await ask('PATCH', `/${id}`, { licenseKey: other })).toMatchObject({ status: 400, body: taken });
      expect(await json('PATCH', `/${id}`, { licenseKey: 'OWN KEY' })).toMatchObject({ id, licenseKey: 'OWN KEY' });
      expect(await json('GET', '/key/own%20key')).toMatchObject({ id, licenseKey: 'OWN KEY' });
      expect((await ask('GET', '/key/ownkey')).status).toBe(404);
    });

    test('of many at once with one key makes one', async () => {
      const { ask } = await openAdmin(store);
      const same = { ...minimal, licenseKey: 'RACE' };
      const answers = await Promise.all(Array.from({ length: 12 }, () => ask('POST', '', same)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([201, ...Array.from({ length: 11 }, () => 400)]);
    });

    test('does not bring a deleted product back', async () => {
      const { ask } = await openAdmin(store, {
        world: {
          apiKey: { scopes: everything },
          settings: { 'licensegate.product': 'Plugin' },
          product: { deleted: true },
        },
      });
      expect(await ask('POST', '', minimal)).toMatchObject({
        status: 400,
        body: '{"error":"product-deleted","details":"Product “Plugin” is deleted; restore it first."}',
      });
    });
  });

  describe('reading licenses', () => {
    test('by id and by key answers the same, with logs where they are asked for', async () => {
      const { ask, json, verify } = await openAdmin(store);
      const { id } = await json('POST', '', { ...minimal, licenseKey: 'a key/1' });
      const path = encodeURIComponent('a key/1');
      await verify(path, '203.0.113.5', '?metadata=v1');
      await verify(path, '203.0.113.5', '?scope=x');
      const byId = await ask('GET', `/${id}`);
      expect(byId.status).toBe(200);
      expect((await ask('GET', `/key/${path}`)).body).toBe(byId.body);
      expect((await ask('GET', `/KEY/${path}/`)).body).toBe(byId.body);
      const { logs } = await json('GET', `/${id}?includeLogs=true`);
      const log = { id: expect.any(Number), userId, licenseId: id, ip: '203.0.113.5', result: 'VALID' };
      const timestamp = '2030-06-15T12:00:00.000Z';
      expect(logs).toEqual([
        { ...log, metadata: null, timestamp },
        { ...log, metadata: 'v1', timestamp },
      ]);
      expect(Object.keys(logs?.[0] ?? {})).toEqual([
        'id',
        'userId',
        'licenseId',
        'ip',
        'result',
        'metadata',
        'timestamp',
      ]);
    });

    test('lists them newest first, so many after so many, and counts all', async () => {
      const { ask, json } = await openAdmin(store);
      for (const licenseKey of ['A', 'B', 'C']) await json('POST', '', { ...minimal, licenseKey });
      await json('POST', '', { ...minimal, licenseKey: 'OFF', active: false });
      await json('POST', '', { ...minimal, licenseKey: 'OLD', expirationDate: '2030-01-01' });
      const list = async (query: string) => {
        const answer = await json<{ licenses: readonly LicenseJson[]; count: number }>('GET', query);
        return [answer.licenses.map(({ licenseKey }) => licenseKey), answer.count];
      };
      expect(await list('')).toEqual([['OLD', 'OFF', 'C', 'B', 'A', goldKey], 6]);
      expect(await list('?take=10&skip=0&filterStatus=&includeLogs=')).toEqual(await list(''));
      expect(await list('?take=2&skip=1')).toEqual([['OFF', 'C'], 6]);
      expect(await list('?take=2&skip=5')).toEqual([[goldKey], 6]);
      expect(await list('?skip=6')).toEqual([[], 6]);
      expect(await list('?take=0')).toEqual([[], 6]);
      expect(await list('?filterStatus=active')).toEqual([['C', 'B', 'A', goldKey], 4]);
      expect(await list('?filterStatus=disabled%2Fexpired&take=1')).toEqual([['OLD'], 2]);
      expect((await ask('GET', '?take=0')).body).toBe('{"licenses":[],"count":6}');
    });

    test('reads a list of keys into one audit event', async () => {
      const { json, audit } = await openAdmin(store);
      for (const licenseKey of ['A', 'B', 'C']) await json('POST', '', { ...minimal, licenseKey });
      const revealed = async () => (await audit()).filter((event) => event === 'api-key license.revealed').length;
      expect(await revealed()).toBe(0);
      await json('GET', '');
      await json('GET', '/key/A');
      expect(await revealed()).toBe(2);
    });

    test('shows points as of now', async () => {
      const { json, clock } = await openAdmin(store);
      const points = { validationPoints: 0, validationLimit: 5, replenishAmount: 2, replenishInterval: 'MINUTE' };
      const { id } = await json('POST', '', { ...minimal, ...points });
      clock.advance(120_000);
      expect((await json('GET', `/${id}`)).validationPoints).toBe(4);
    });
  });

  describe('changing a license', () => {
    test('changes what is given, takes away what is null, and binds the next check', async () => {
      const { json, verify } = await openAdmin(store);
      const given = {
        licenseKey: 'A',
        ipLimit: 1,
        licenseScope: 'pro',
        expirationDate: '2031-01-01',
        validationPoints: 1,
      };
      const made = await json('POST', '', { ...minimal, ...given });
      expect(await json('PATCH', `/${made.id}`, { name: 'John', validationPoints: '7' })).toEqual({
        ...made,
        name: 'John',
        validationPoints: 7,
      });
      const nothing = { name: null, notes: null, ipLimit: null, licenseScope: null, expirationDate: null };
      expect(await json('PATCH', `/${made.id}`, { ...nothing, validationPoints: null })).toEqual({
        ...made,
        ...nothing,
        name: '',
        notes: '',
        validationPoints: null,
      });
      await json('PATCH', `/${made.id}`, { active: false });
      expect(await verify('A')).toBe('NOT_ACTIVE');
      await json('PATCH', `/${made.id}`, { active: true, licenseKey: 'B' });
      expect([await verify('A'), await verify('B')]).toEqual(['NOT_FOUND', 'VALID']);
      await json('PATCH', `/${made.id}`, { expirationDate: '2030-06-15' });
      expect(await verify('B')).toBe('EXPIRED');
    });

    test('with what it already is answers it and leaves no trace', async () => {
      const { json, audit } = await openAdmin(store);
      const made = await json('POST', '', minimal);
      expect(await json('PATCH', `/${made.id}`, made)).toEqual(made);
      expect(await json('PATCH', `/${made.id}`, {})).toEqual(made);
      expect((await audit()).filter((event) => event.includes('changed') || event.includes('rekeyed'))).toEqual([]);
    });

    test('refuses the key of another license', async () => {
      const { ask, json } = await openAdmin(store);
      const { id } = await json('POST', '', minimal);
      expect(await ask('PATCH', `/${id}`, { licenseKey: goldKey, name: 'x' })).toMatchObject({ status: 400 });
      expect(await json('GET', `/${id}`)).toMatchObject({ name: 'Jane' });
    });

    test('of many given one key at once one gets it', async () => {
      const { ask, json, verify } = await openAdmin(store);
      const made = await Promise.all(Array.from({ length: 6 }, () => json('POST', '', minimal)));
      const answers = await Promise.all(made.map(({ id }) => ask('PATCH', `/${id}`, { licenseKey: 'WANTED' })));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
      expect(await verify('WANTED')).toBe('VALID');
      const keys = await Promise.all(made.map(async ({ id }) => (await json('GET', `/${id}`)).licenseKey));
      expect(keys.filter((key) => key === 'WANTED')).toHaveLength(1);
    });

    test('never un-pauses what its owner paused, nor suspends it', async () => {
      const { json, storage, verify } = await openAdmin(store, {
        world: { apiKey: { scopes: everything }, license: { switchedOff: true } },
      });
      const gold = await json('GET', `/key/${goldKey}`);
      expect(await json('PATCH', `/${gold.id}`, gold)).toEqual(gold);
      expect(await storage.license(worldGuildId, { id: gold.id })).toMatchObject({
        switchedOff: true,
        holds: [],
      });
      expect(await verify(goldKey)).toBe('NOT_ACTIVE');
    });

    test('sets and lifts what staff decide, and no other reason for a suspension', async () => {
      const holds = [{ kind: 'dispute', at: new Date(0), reason: 'case 7' }] as const;
      const { json, storage, verify } = await openAdmin(store);
      const { id } = await json('GET', `/key/${goldKey}`);
      await json('PATCH', `/${id}`, { active: false });
      await storage.changeLicense(worldGuildId, { id }, (current) => ({
        next: { ...current, holds: [...current.holds, ...holds] },
        trail: { audit: [], effects: [] },
        result: {},
      }));
      expect(await json('PATCH', `/${id}`, { active: true })).toMatchObject({ active: false });
      const held = await json('GET', `/${id}`);
      // A module that writes back what it read adds nothing to the dispute.
      expect(await json('PATCH', `/${id}`, held)).toEqual(held);
      expect(await storage.license(worldGuildId, { id })).toMatchObject({ holds });
      expect(await verify(goldKey)).toBe('NOT_ACTIVE');
    });

    test('tells its owner as any suspension does', async () => {
      const { json, storage } = await openAdmin(store);
      const { id } = await json('GET', `/key/${goldKey}`);
      await json('PATCH', `/${id}`, { active: false });
      const [dm] = await storage.claimEffects('dm', 10, 1_000);
      expect(dm?.effect).toMatchObject({ userId: '123456789012345678', message: { type: 'suspended', licenseId: id } });
    });
  });

  test('a license may get the key of a deleted one', async () => {
    const { ask, json, verify } = await openAdmin(store);
    const gone = await json('POST', '', { ...minimal, licenseKey: 'GONE' });
    await json('DELETE', `/${gone.id}`);
    const { id } = await json('POST', '', { ...minimal, licenseKey: 'NEW' });
    expect(await ask('PATCH', `/${id}`, { licenseKey: 'GONE' })).toMatchObject({ status: 200 });
    expect([await verify('GONE'), await verify('NEW')]).toEqual(['VALID', 'NOT_FOUND']);
  });

  describe('deleting a license', () => {
    test('answers it, and it is gone, until it is restored', async () => {
      const { ask, json, verify, storage } = await openAdmin(store);
      const made = await json('POST', '', { ...minimal, licenseKey: 'A' });
      expect(await json('DELETE', `/${made.id}`)).toEqual(made);
      for (const [method, path] of [
        ['GET', ''],
        ['PATCH', ''],
        ['DELETE', ''],
      ] as const) {
        expect(await ask(method, `/${made.id}${path}`, method === 'PATCH' ? { name: 'x' } : undefined)).toMatchObject({
          status: 404,
          body: '{"error":"not-found","details":"License not found"}',
        });
      }
      expect((await ask('GET', '/key/A')).status).toBe(404);
      expect(await verify('A')).toBe('NOT_FOUND');
      expect((await storage.license(worldGuildId, { id: made.id }))?.deletedAt).not.toBeNull();
    });
  });

  test('a store that is away is answered as an internal error', async () => {
    const { ask, storage } = await openAdmin(store);
    await storage.close();
    const body = '{"error":"internal-server-error","details":"Internal server error"}';
    expect(await ask('GET', '')).toMatchObject({ status: 500, body });
    expect(await ask('POST', '', minimal)).toMatchObject({ status: 500, body });
  });
});
