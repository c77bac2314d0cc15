import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createServices } from '../../src/services/services.ts';
import { everything, type LicenseJson, useAdmin } from './support/admin.ts';
import { send } from './support/send.ts';
import { embeddedStore } from './support/stores.ts';
import { tkiRequest } from './support/tki-request.ts';
import { worldGuildId } from './support/world.ts';

const openAdmin = useAdmin();

interface List {
  readonly licenses: readonly LicenseJson[];
  readonly count: number;
}

/** A server whose guild has this many licenses more than the one of `seedWorld`. */
async function openWith(amount: number) {
  const world = { apiKey: { scopes: ['auth' as const, ...everything] } };
  const admin = await openAdmin(embeddedStore, { world });
  const { storage, clock } = admin;
  const services = createServices({ storage, clock: clock.now, randomBytes, publicUrl: () => '' });
  const by = { guildId: worldGuildId, actor: { type: 'cli' as const } };
  const issued = await services.licenses.issue({ ...by, product: 'Plugin', mayManage: true, amount });
  expect(issued.ok).toBe(true);
  return admin;
}

test('a long list is streamed, holds what its pages hold, and is one audit event', async () => {
  const { ask, json, verify, audit } = await openWith(120);
  await verify('GOLD1-GOLD2-GOLD3-GOLD4-GOLD5');
  const answer = await ask('GET', '?take=1000&includeLogs=true');
  expect(answer).toMatchObject({ status: 200, headers: { 'transfer-encoding': 'chunked' } });
  expect((await audit()).filter((event) => event === 'api-key license.revealed')).toHaveLength(1);

  const all = JSON.parse(answer.body) as List;
  const pages = [0, 25, 50, 75, 100].map((skip) => json<List>('GET', `?take=25&skip=${skip}&includeLogs=true`));
  const licenses = (await Promise.all(pages)).flatMap((page) => page.licenses);
  expect(all).toEqual({ licenses, count: 121 });
  expect(licenses).toHaveLength(121);
  expect(licenses.at(-1)?.logs).toHaveLength(1);
});

test('a list that is short has a length, as the system sends it', async () => {
  const { ask } = await openWith(30);
  const { headers, body } = await ask('GET', '?take=20');
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
});

test('checks are answered before ten long lists are', async () => {
  const { ask, http } = await openWith(300);
  const done: string[] = [];
  const lists = Array.from({ length: 10 }, () =>
    ask('GET', '?take=1000&includeLogs=true').then(() => done.push('list')),
  );
  for (let index = 0; index < 5; index += 1) expect(await send(http.port, tkiRequest())).toMatchObject({ status: 200 });
  done.push('checks');
  await Promise.all(lists);
  expect(done[0]).toBe('checks');
});
