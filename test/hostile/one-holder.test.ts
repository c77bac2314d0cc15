import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CheckRequest } from '../../src/domain/check-request.ts';
import { useServices } from '../support/open-services.ts';

const open = useServices();

type Call = (...args: unknown[]) => unknown;
const prototypes = [DatabaseSync.prototype, StatementSync.prototype] as unknown as readonly Record<string, Call>[];
const [databases, statements] = [prototypes[0]!, prototypes[1]!];
const methods = ['get', 'all', 'run'] as const;
const original = {
  prepare: databases.prepare!,
  get: statements.get!,
  all: statements.all!,
  run: statements.run!,
};

/** Every statement that the store runs, and how many rows it gave or changed. */
let ran: [sql: string, rows: number][] = [];
let database: DatabaseSync;

beforeEach(() => {
  databases.prepare = function (this: DatabaseSync, ...args) {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the connection that the store uses
    database = this;
    return original.prepare.apply(this, args);
  };
  for (const method of methods) {
    statements[method] = function (this: StatementSync, ...args) {
      const result = original[method].apply(this, args);
      ran.push([this.sourceSQL, rowsOf[method](result)]);
      return result;
    };
  }
});
afterEach(() => {
  databases.prepare = original.prepare;
  for (const method of methods) statements[method] = original[method];
});

/** How many rows a method's result stands for. One row may itself be a list, of its values. */
const rowsOf: Readonly<Record<(typeof methods)[number], (result: unknown) => number>> = {
  get: (result) => (result === undefined ? 0 : 1),
  all: (result) => (result as readonly unknown[]).length,
  run: (result) => Number((result as { readonly changes: number | bigint }).changes),
};

const unlimited = { limits: { ip: 'unlimited', hwid: 'unlimited', mac: 'unlimited' } };

async function holderAndOther() {
  const world = await open();
  const holder = await world.issue(unlimited);
  const other = await world.issue();

  /** What one check makes the store do. */
  async function statementsOf(request: Partial<CheckRequest>) {
    ran = [];
    const { result } = await world.check(request);
    const statements = ran;
    ran = [];
    return { result, statements };
  }
  /** A known machine and a new one of the holder, and the same of somebody else. */
  async function look(name: string) {
    return {
      holderKnown: await statementsOf({ key: holder.key, hwid: 'FIRST', observedIp: '203.0.113.1' }),
      holderNew: await statementsOf({ key: holder.key, hwid: `NEW-${name}`, observedIp: '203.0.113.1' }),
      otherKnown: await statementsOf({ key: other.key, hwid: 'FIRST', observedIp: '203.0.113.1' }),
      otherNew: await statementsOf({ key: other.key, hwid: `NEW-${name}`, observedIp: '203.0.113.1' }),
      unknown: await statementsOf({ key: 'UNKNOWN', hwid: 'FIRST', observedIp: '203.0.113.1' }),
    };
  }
  /** So many machines with an IP and a MAC of their own. */
  async function bind(count: number) {
    for (let start = 0; start < count; start += 1_000) {
      const uses = Array.from({ length: 1_000 }, (_, index) => {
        const id = start + index;
        const observedIp = `10.${id >> 16}.${(id >> 8) & 255}.${id & 255}`;
        return world.check({ key: holder.key, hwid: `MANY-${id}`, mac: `MAC-${id}`, observedIp });
      });
      await Promise.all(uses);
    }
  }
  return { ...world, holder, look, bind };
}

test('a check reads as many rows with 20,000 machines on a license without limits as with one', async () => {
  const { storage, holder, look, bind } = await holderAndOther();
  await look('warm');
  const before = await look('before');
  await bind(20_000);
  const after = await look('after');

  expect((await storage.bindings('g1', holder.license.id, 1)).counts.hwid).toBeGreaterThan(20_000);
  expect(after).toEqual(before);
  expect(before.holderNew.result).toBe('granted');
  for (const { statements } of Object.values(after)) {
    for (const [, rows] of statements) expect(rows).toBeLessThanOrEqual(1);
  }
});

test('no statement of a check walks through a table that customers fill', async () => {
  const { look, bind } = await holderAndOther();
  await bind(1_000);
  const asked = Object.values(await look('plan')).flatMap((looked) => looked.statements.map(([sql]) => sql));
  const filled =
    /\b(slots|observed_values|licenses|attempts|attempt_counts|audit|effects|users|alerts|rejected_requests)\b/;
  const plans = [...new Set(asked)]
    .filter((sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE)/i.test(sql) && filled.test(sql))
    .map((sql) => [sql, database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()] as const);
  expect(plans.length).toBeGreaterThanOrEqual(5);

  for (const [sql, steps] of plans) {
    const details = steps.map(({ detail }) => String(detail));
    for (const detail of details) {
      expect({ sql, detail, isWalk: detail.startsWith('SCAN') }).toMatchObject({ isWalk: false });
      // The slots of a limited kind may be counted: they are 1,000 at most.
      if (/\bslots\b/.test(detail)) expect(detail).toContain('license_id=? AND kind=?');
      if (/\bseen\b/.test(detail)) expect(detail).toContain('license_id=? AND kind=? AND value=?');
    }
  }
});
