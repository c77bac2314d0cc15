import { afterEach, expect, test } from '@jest/globals';
import { send } from './support/send.ts';
import { type ConfigChanges, startWire, type Wire } from './support/start-wire.ts';
import { embeddedStore } from './support/stores.ts';
import { watched } from './support/stores-watched.ts';
import { worldGuildId } from './support/world.ts';

// Lukittu refuses keys of another form before it counts; here a license may have one.

const path = '/api/v1/client/teams/11111111-2222-4333-8444-555555555555/verification/verify';
const supplied = 'my own key';

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(config: ConfigChanges) {
  const store = watched(embeddedStore);
  wire = await startWire({ store, world: { license: { key: supplied } }, config });
  const { port } = wire.http;
  const statusOf = async (licenseKey: string) => (await send(port, { path, body: { licenseKey } })).status;
  return { ...wire, store, statusOf };
}

test('a client that guesses keys of other forms is guarded after 20, and then learns nothing of any key', async () => {
  const { statusOf, storage } = await start({ rateLimit: { lukittu: 5 } });
  for (let index = 0; index < 21; index += 1) expect(await statusOf(`guess ${index}`)).toBe(400);
  expect(await statusOf('guess 21')).toBe(429);
  expect(await statusOf(supplied)).toBe(429);
  const attempts = await storage.attempts(worldGuildId, {}, { limit: 100, beforeId: null });
  expect(attempts.map(({ result }) => result)).toEqual(Array<string>(21).fill('malformed'));
});

test('while the guard is off, the rate limit counts those guesses', async () => {
  const { statusOf } = await start({ rateLimit: { lukittu: 5 }, guard: { failures: 0 } });
  for (let index = 0; index < 5; index += 1) expect(await statusOf(`guess ${index}`)).toBe(400);
  expect(await statusOf(supplied)).toBe(429);
});

test('a license with such a key is granted as often as any other, and each grant is one attempt', async () => {
  const { statusOf, storage } = await start({ rateLimit: { lukittu: 1 } });
  const statuses = [];
  for (let index = 0; index < 12; index += 1) statuses.push(await statusOf(supplied));
  expect(statuses).toEqual([...Array<number>(10).fill(200), 429, 429]);
  expect(await storage.attempts(worldGuildId, {}, { limit: 20, beforeId: null })).toHaveLength(10);
});

test('keys of Lukittu’s form cost the store one look', async () => {
  const { statusOf, store } = await start({});
  expect(await statusOf('AAAAA-BBBBB-CCCCC-DDDDD-EEEEE')).toBe(404);
  expect(store.requests).toHaveLength(1);
});
