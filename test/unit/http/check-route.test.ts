import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { createCheckRoute } from '../../../src/http/check-route.ts';
import { createGuard } from '../../../src/http/guard.ts';
import { createTki } from '../../../src/http/protocols/tki/index.ts';
import { createRateLimit } from '../../../src/http/rate-limit.ts';
import type { Route } from '../../../src/http/route.ts';

type Incoming = Parameters<Route['handle']>[0];

const deadlineMs = 1_900;

/** A check route whose store would grant nothing, and how often it was asked. */
function setUp() {
  const now = () => new Date(0);
  let asked = 0;
  const [definition] = createTki().routes;
  const route = createCheckRoute('tki', definition!, {
    checkLicense: () => {
      asked += 1;
      return Promise.resolve({ result: 'denied', denial: 'license-unknown', detail: null });
    },
    rateLimit: createRateLimit({ now }),
    limits: { tki: 0, faxstore: 0, sunlicense: 0, lukittu: 0, licensegate: 0 },
    guard: createGuard({ failures: 0, windowMinutes: 1, blockMinutes: 1, now, onBlock: () => undefined }),
    rejectedRequests: { add: () => undefined, flush: () => Promise.resolve() },
    onAnswer: () => undefined,
    deadlineMs,
    bodyTimeoutMs: 60_000,
    readClient: () => ({ ip: '203.0.113.1', country: null, isUndeclaredProxy: false }),
    onUndeclaredProxy: () => undefined,
  });
  const headers = { authorization: 'secret', 'content-type': 'application/json' };
  const body = { data: { product: 'Plugin', version: '1.0.0', licensekey: 'KEY', ip: '198.51.100.7', hwid: 'PC' } };
  const check = async ({ arrivedAgoMs, complete }: { readonly arrivedAgoMs: number; readonly complete: boolean }) => {
    const request = Object.assign(Readable.from([Buffer.from(JSON.stringify(body))]), {
      method: 'POST',
      headers,
      socket: {},
      complete,
    });
    const path = { params: {}, query: '' };
    const answer = await route.handle(request as unknown as Incoming, path, performance.now() - arrivedAgoMs);
    return { status: answer?.status, asked };
  };
  return check;
}

test('a check whose deadline passed while it waited for its turn is answered without asking the store', async () => {
  expect(await setUp()({ arrivedAgoMs: deadlineMs, complete: true })).toEqual({ status: 500, asked: 0 });
});

test('the time in which the client was still sending its body does not count', async () => {
  expect(await setUp()({ arrivedAgoMs: deadlineMs, complete: false })).toEqual({ status: 404, asked: 1 });
});
