import { expect, test } from '@jest/globals';
import type { RejectedRequestCount } from '../../../src/domain/attempt.ts';
import { createRejectedRequests } from '../../../src/http/rejected-requests.ts';

const start = Date.UTC(2030, 0, 1, 12, 0, 30);
const minute = new Date(Date.UTC(2030, 0, 1, 12, 0));

function setUp(maxRows?: number) {
  const written: RejectedRequestCount[][] = [];
  const state = { fails: false, errors: 0 };
  const counts = createRejectedRequests({
    now: () => new Date(start),
    record: (rows) => {
      if (state.fails) return Promise.reject(new Error('no store'));
      written.push([...rows]);
      return Promise.resolve();
    },
    onError: () => {
      state.errors += 1;
    },
    ...(maxRows === undefined ? {} : { maxRows }),
  });
  return { counts, written, state };
}

test('requests are added up by minute, kind, protocol and address, and written once', async () => {
  const { counts, written } = setUp();
  counts.add('guarded', 'tki', '203.0.113.1');
  counts.add('guarded', 'tki', '203.0.113.1');
  counts.add('rate-limited', 'tki', '203.0.113.1');
  await counts.flush();
  await counts.flush();
  const row = { minute, protocol: 'tki', observedIp: '203.0.113.1' };
  expect(written).toEqual([
    [
      { ...row, kind: 'guarded', count: 2 },
      { ...row, kind: 'rate-limited', count: 1 },
    ],
  ]);
});

test('what could not be written is kept for the next time', async () => {
  const { counts, written, state } = setUp();
  counts.add('unknown-guild', 'tki', '203.0.113.1');
  state.fails = true;
  await counts.flush();
  counts.add('unknown-guild', 'tki', '203.0.113.1');
  state.fails = false;
  await counts.flush();
  expect(state.errors).toBe(1);
  expect(written.flat().map(({ count }) => count)).toEqual([2]);
});

test('beyond the bound addresses are counted together, and none is lost', async () => {
  const { counts, written } = setUp(10);
  for (let index = 0; index < 1_000; index += 1) counts.add('guarded', 'tki', String(index));
  await counts.flush();
  const rows = written.flat();
  expect(rows).toHaveLength(11);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
});
