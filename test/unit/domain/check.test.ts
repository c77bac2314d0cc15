import { describe, expect, test } from '@jest/globals';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import type { Granted } from '../../../src/domain/decision.ts';
import { decide, decideIfKnown, type IsKnown, screen } from '../../../src/domain/check.ts';
import * as rules from '../../../src/domain/rules.ts';
import type { Expiry } from '../../../src/domain/expiry.ts';
import { hourMs, lastInstant } from '../../../src/domain/values/calendar.ts';
import {
  ago,
  definition,
  license,
  now,
  otherProduct,
  product,
  request,
  slot,
  snapshotOf,
  type World,
} from './check-fixture.ts';

function decided(world: World = {}, change: Partial<CheckRequest> = {}) {
  return decide(definition, { ...request, ...change }, snapshotOf(world));
}

function granted(world: World = {}, change: Partial<CheckRequest> = {}) {
  const decision = decided(world, change);
  expect(decision.outcome.result).toBe('granted');
  return { ...decision, outcome: decision.outcome as Granted, writes: decision.writes! };
}

const known = [slot('ip', '192.168.1.100:25565'), slot('hwid', 'HWID-1')];

describe('a grant’s writes', () => {
  test('new values of limited kinds take slots, and the attempt says so', () => {
    const { writes, attempt } = granted();
    expect(writes.take).toEqual([
      { kind: 'ip', value: '192.168.1.100:25565', forgetBefore: null },
      { kind: 'hwid', value: 'HWID-1', forgetBefore: null },
    ]);
    expect(attempt.newBindings).toEqual(['ip', 'hwid']);
    expect([writes.refresh, writes.observed, writes.activation]).toEqual([[], [], null]);
  });

  test('values that are known and were seen within the hour cost no write', () => {
    const { writes, attempt } = granted({ slots: known.map((each) => ({ ...each, lastSeenAt: ago(hourMs) })) });
    expect(writes).toEqual({ take: [], refresh: [], observed: [], activation: null, points: null, replacements: null });
    expect(attempt.newBindings).toEqual([]);
  });

  test('values of unlimited kinds are only seen', () => {
    const settings = { 'limits.ip': null, 'limits.hwid': null };
    const { writes, attempt } = granted({ settings, slots: known }, { mac: 'aa:bb' });
    expect(writes.observed).toEqual([
      { kind: 'ip', value: '192.168.1.100:25565' },
      { kind: 'hwid', value: 'HWID-1' },
      { kind: 'mac', value: 'aa:bb' },
    ]);
    expect([writes.take, writes.refresh, attempt.newBindings]).toEqual([[], [], []]);
  });

  test('limits and slots go by the exact text', () => {
    const { writes } = granted({ slots: known }, { declaredIp: '192.168.1.100:25566', hwid: 'hwid-1' });
    expect(writes.take.map(({ value }) => value)).toEqual(['192.168.1.100:25566', 'hwid-1']);
  });

  test('a value that the request does not bring is not written', () => {
    const { writes } = granted({ settings: { 'tki.requireHwid': false } }, { hwid: null, declaredIp: null });
    expect(writes.take).toEqual([]);
  });

  test.each([
    [null, hourMs, false],
    [null, hourMs + 1, true],
    [6_000, hourMs + 1, true],
    [600, hourMs, false],
    [600, hourMs + 1, true],
    [20, 120_000, false],
    [20, 120_001, true],
    [5, 30_000, false],
    [5, 30_001, true],
    [1, 6_001, true],
    [1, 6_000, false],
    [null, -hourMs, false],
    [null, -hourMs - 1, true],
  ])('with forgetAfter %j a slot seen %i ms ago is refreshed: %s', (minutes, ms, due) => {
    const settings = { 'forgetAfter.ip': minutes };
    const slots = [slot('ip', '192.168.1.100:25565', { lastSeenAt: ago(ms) }), known[1]!];
    const { writes } = granted({ settings, slots });
    expect(writes.refresh).toEqual(due ? [{ kind: 'ip', value: '192.168.1.100:25565' }] : []);
    expect(writes.take).toEqual([]);
  });

  test('a limit of 0 takes nothing, for nothing is granted', () => {
    expect(decided({ settings: { 'limits.ip': 0 }, slots: known }).writes).toBeNull();
  });
});

describe('limits', () => {
  const others = (count: number, change: Partial<ReturnType<typeof slot>> = {}) =>
    Array.from({ length: count }, (_, index) => slot('ip', `other-${index}`, change));
  const result = (world: World) => {
    const { outcome } = decided(world);
    return outcome.result === 'denied' ? outcome.denial : outcome.result;
  };

  test.each([
    [5, 4, 'granted'],
    [5, 5, 'ip-limit'],
    [5, 6, 'ip-limit'],
    [1, 0, 'granted'],
    [1, 1, 'ip-limit'],
    [0, 0, 'ip-limit'],
    [1000, 999, 'granted'],
    [1000, 1000, 'ip-limit'],
    [null, 5000, 'granted'],
  ])('limit %j with %i slots taken by others: a new value is answered %s', (limit, taken, answer) => {
    expect(result({ settings: { 'limits.ip': limit }, slots: others(taken) })).toBe(answer);
  });

  test('a known value passes a full list, also one fuller than a lowered limit', () => {
    expect(result({ slots: [...others(4), ...known] })).toBe('granted');
    expect(result({ settings: { 'limits.ip': 1 }, slots: [...others(9), ...known] })).toBe('granted');
  });

  test('a limit of 0 denies even a known value', () => {
    expect(result({ settings: { 'limits.ip': 0 }, slots: known })).toBe('ip-limit');
  });

  test('released slots are free for other values, and their own value needs a slot again', () => {
    const forgotten = { releasedAt: ago(1) };
    const own = slot('ip', '192.168.1.100:25565', forgotten);
    expect(result({ settings: { 'limits.ip': 1 }, slots: others(5, forgotten) })).toBe('granted');
    expect(result({ settings: { 'limits.ip': 1 }, slots: [own, ...others(1)] })).toBe('ip-limit');
    expect(granted({ slots: [own] }).writes.take).toContainEqual({
      kind: 'ip',
      value: '192.168.1.100:25565',
      forgetBefore: null,
    });
  });

  test.each([
    [600_000, 'granted'],
    [599_999, 'ip-limit'],
  ])('with forgetAfter 10, a slot last seen %i ms ago: a new value is answered %s', (ms, answer) => {
    const settings = { 'limits.ip': 1, 'forgetAfter.ip': 10 };
    expect(result({ settings, slots: others(1, { lastSeenAt: ago(ms) }) })).toBe(answer);
  });

  test('a value that timed out takes a slot again, and the write says which slots have timed out', () => {
    const settings = { 'limits.ip': 1, 'forgetAfter.ip': 10 };
    const own = slot('ip', '192.168.1.100:25565', { lastSeenAt: ago(600_000) });
    const { writes, attempt } = granted({ settings, slots: [own, known[1]!] });
    expect(writes.take).toEqual([{ kind: 'ip', value: own.value, forgetBefore: ago(600_000) }]);
    expect(attempt.newBindings).toEqual(['ip']);
    expect(result({ settings, slots: [own, ...others(1)] })).toBe('ip-limit');
  });

  test('the license’s own limits and times count before the product’s and the guild’s', () => {
    const strict = { ...license, limits: { ...license.limits, ip: 1 } };
    const lasting = { ...strict, forgetAfter: { ...license.forgetAfter, ip: null } };
    const settings = { 'forgetAfter.ip': 10 };
    const slots = others(1, { lastSeenAt: ago(600_000) });
    expect(result({ license: strict, settings, slots })).toBe('granted');
    expect(result({ license: lasting, settings, slots })).toBe('ip-limit');
  });

  test('a staff license counts by its own product’s limits, whichever product it runs', () => {
    const products = [product, { ...otherProduct, limits: { ...product.limits, ip: 0 } }];
    const world = { license: { ...license, staff: true }, products };
    expect(granted(world, { product: 'Other' }).outcome.product.id).toBe(otherProduct.id);
  });

  test('however many new values come one after another, exactly as many as there are slots get one', () => {
    const slots = [...others(2)];
    const answers = Array.from({ length: 20 }, (_, index) => {
      const decision = decided({ slots }, { declaredIp: `new-${index}`, hwid: 'HWID-1' });
      for (const { kind, value } of decision.writes?.take ?? []) slots.push(slot(kind, value, { lastSeenAt: now }));
      return decision.outcome.result;
    });
    expect(answers.filter((each) => each === 'granted')).toHaveLength(3);
  });
});

describe('activation', () => {
  const fresh = (expiry: Expiry, expiresAt: Date | null = null) => ({
    ...license,
    expiry,
    expiresAt,
    activatedAt: null,
  });
  const thirtyDays: Expiry = { type: 'duration', start: 'activation', days: 30 };

  test('the first grant starts a duration from activation, and its answer shows the end', () => {
    const { writes, outcome } = granted({ license: fresh(thirtyDays) });
    const end = new Date('2026-04-09T12:00:00.000Z');
    expect(writes.activation).toEqual({ at: now, expiresAt: end });
    expect(outcome.license).toMatchObject({ activatedAt: now, expiresAt: end });
  });

  test('the first grant leaves every other end as it is', () => {
    const end = new Date('2026-12-31T23:59:59.999Z');
    expect(granted({ license: fresh({ type: 'date' }, end) }).writes.activation).toEqual({ at: now, expiresAt: end });
    expect(granted({ license: fresh({ type: 'never' }) }).writes.activation).toEqual({ at: now, expiresAt: null });
  });

  test('later grants activate nothing', () => {
    const started = { ...license, expiry: thirtyDays, expiresAt: new Date('2026-04-01T00:00:00Z') };
    const { writes, outcome } = granted({ license: started });
    expect(writes.activation).toBeNull();
    expect(outcome.license).toEqual(started);
  });

  test('a denial activates nothing', () => {
    expect(decided({ license: { ...fresh(thirtyDays), switchedOff: true } }).writes).toBeNull();
  });

  test('a license edited to a duration from activation starts it with its next grant, its first use stays', () => {
    const edited = { ...license, expiry: thirtyDays };
    const { writes } = granted({ license: edited });
    expect(writes.activation).toEqual({ at: license.activatedAt, expiresAt: new Date('2026-04-09T12:00:00.000Z') });
  });

  test('no duration ends after the year 9999', () => {
    const endless = fresh({ type: 'duration', start: 'activation', days: 9_999_999 });
    expect(granted({ license: endless }).writes.activation?.expiresAt).toEqual(lastInstant);
  });

  test('after the clock was ahead a machine of then passes, and its slot is stored with the true time', () => {
    const earlier = new Date('2020-01-01T00:00:00Z');
    const forgetBefore = new Date('2019-12-31T23:59:00Z');
    const forgetting = { 'forgetAfter.ip': 1, 'forgetAfter.hwid': 1 };
    const { writes } = granted({ now: earlier, slots: known, settings: forgetting });
    expect(writes).toMatchObject({
      take: [
        { kind: 'ip', forgetBefore },
        { kind: 'hwid', forgetBefore },
      ],
      refresh: [],
    });
    const { writes: unforgetting } = granted({ now: earlier, slots: known });
    expect(unforgetting).toMatchObject({ take: [], refresh: [{ kind: 'ip' }, { kind: 'hwid' }] });
  });
});

describe('the attempt', () => {
  test('of a grant holds everything but the key', () => {
    const { attempt } = granted();
    expect(attempt).toEqual({
      protocol: 'tki',
      result: 'granted',
      licenseId: 12,
      productId: 3,
      product: 'thing',
      version: '1.0.0',
      branch: null,
      scope: null,
      keySuffix: 'X9K2P',
      declaredIp: '192.168.1.100:25565',
      observedIp: '203.0.113.5',
      countedIp: 'declared',
      hwid: 'HWID-1',
      mac: null,
      country: 'DEU',
      userAgent: 'test',
      info: null,
      newBindings: ['ip', 'hwid'],
      replaced: null,
      quiet: false,
    });
  });

  test.each([
    ['declared', request.declaredIp],
    ['observed', request.observedIp],
    [null, null],
  ] as const)('says that the address that limits counted was %s', (countedIp, ip) => {
    const { attempt } = decide({ ...definition, limitedIp: () => ip }, request, snapshotOf());
    expect(attempt.countedIp).toBe(countedIp);
  });

  test('of a denial names the license too, where it was found', () => {
    const { attempt, writes, outcome } = decided(
      { license: { ...license, switchedOff: true } },
      { product: 'Nothing' },
    );
    expect(attempt).toMatchObject({ result: 'product-unknown', licenseId: 12, productId: null, newBindings: [] });
    expect(outcome).toEqual({ result: 'denied', denial: 'product-unknown', detail: null });
    expect(writes).toBeNull();
    expect(decided({ license: null }).attempt).toMatchObject({ result: 'license-unknown', licenseId: null });
  });

  test('a malformed request keeps what could be read, and its sentence', () => {
    const nothing = { key: null, product: null, version: null, declaredIp: null, hwid: null, userAgent: null };
    const { attempt, outcome } = decided({ license: null }, { ...nothing, malformed: 'Missing required fields' });
    expect(outcome).toEqual({ result: 'denied', denial: 'malformed', detail: 'Missing required fields' });
    expect(attempt).toMatchObject({ keySuffix: null, product: null, hwid: null, country: 'DEU', result: 'malformed' });
  });

  test('texts are cut to 1,024 characters, and quiet attempts stay quiet', () => {
    const { attempt } = decided({}, { userAgent: `${'u'.repeat(1023)}😀`, product: 'p'.repeat(5000), quiet: true });
    expect(attempt.userAgent).toBe('u'.repeat(1023));
    expect(attempt.product).toHaveLength(1024);
    expect(attempt.quiet).toBe(true);
  });

  test('a staff license that runs an unknown product counts as its own product', () => {
    const { attempt, outcome } = granted({ license: { ...license, staff: true } }, { product: 'Nothing' });
    expect(outcome.product.id).toBe(product.id);
    expect(attempt).toMatchObject({ product: 'Nothing', productId: product.id });
  });

  test('the most specific blacklist entry gets the hit', () => {
    const blacklist = [
      { type: 'ip', match: '203.0.0.0/16' },
      { type: 'ip', match: '203.0.113.0/24' },
    ] as const;
    expect(decided({ blacklist }).blacklistHit).toBe(71);
    expect(decided().blacklistHit).toBeNull();
    expect(decided({ license: null }).blacklistHit).toBeNull();
  });
});

describe('where only known clients are decided', () => {
  const notKnown = { recorded: false, outcome: { result: 'not-known' } };
  const bound: IsKnown = (_licenseId, isBound) => isBound();
  const ifKnown = (world: World, change: Partial<CheckRequest> = {}, isKnown = bound) =>
    decideIfKnown(definition, { ...request, ...change }, snapshotOf(world), isKnown);

  test.each(known)('a machine that holds a live slot ($kind) is decided as anywhere else', (held) => {
    expect(ifKnown({ slots: [held] })).toEqual(decided({ slots: [held] }));
    const suspended = { license: { ...license, switchedOff: true }, slots: [held] };
    expect(ifKnown(suspended)).toEqual(decided(suspended));
  });

  test('a known license is decided as anywhere else, on any machine', () => {
    const isKnown: IsKnown = (licenseId) => licenseId === license.id;
    expect(ifKnown({}, {}, isKnown)).toEqual(decided());
    expect(ifKnown({ license: { ...license, id: license.id + 1 } }, {}, isKnown)).toEqual(notKnown);
    expect(ifKnown({ license: null }, {}, () => true)).toEqual(notKnown);
  });

  test('any other machine is rejected, and nothing is recorded of it', () => {
    const settings = { 'forgetAfter.ip': 10 };
    expect(ifKnown({})).toEqual(notKnown);
    expect(ifKnown({ license: null, slots: known })).toEqual(notKnown);
    expect(ifKnown({ slots: [slot('ip', known[0]!.value, { releasedAt: ago(1) })] })).toEqual(notKnown);
    expect(ifKnown({ settings, slots: [slot('ip', known[0]!.value, { lastSeenAt: ago(600_000) })] })).toEqual(notKnown);
    expect(ifKnown({ slots: known }, { declaredIp: 'another', hwid: null, malformed: 'no' })).toEqual(notKnown);
  });
});

describe('screening by one rule', () => {
  const screened = (world: World) => screen(rules.licenseUnknown, definition, request, snapshotOf(world));

  test('denies and records what the rule objects to', () => {
    expect(screened({ license: null })).toEqual(decided({ license: null }));
  });

  test('decides nothing and records nothing without an objection, whatever the other rules would say', () => {
    const undecided = { recorded: false, outcome: { result: 'screened' } };
    expect(screened({})).toEqual(undecided);
    expect(screened({ license: { ...license, switchedOff: true } })).toEqual(undecided);
  });
});

test('the same snapshot always gives the same decision', () => {
  const snapshot = snapshotOf({ slots: known });
  expect(decide(definition, request, snapshot)).toEqual(decide(definition, request, snapshot));
});

test('a protocol without a rule against unknown licenses throws instead of granting', () => {
  expect(() => decide({ ...definition, rules: [] }, request, snapshotOf({ license: null }))).toThrow();
});
