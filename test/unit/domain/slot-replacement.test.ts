import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Slot } from '../../../src/domain/binding.ts';
import { decide } from '../../../src/domain/check.ts';
import type { CheckRequest } from '../../../src/domain/check-request.ts';
import type { Settings } from '../../../src/domain/settings/settings.ts';
import { placesOf } from '../../../src/domain/slots/slot-replacement.ts';
import { dayMs, hourMs, minuteMs } from '../../../src/domain/values/calendar.ts';
import { ago, definition, license, now, request, slot, snapshotOf, type World } from './check-fixture.ts';

const ownHwid = slot('hwid', 'HWID-1');
const v4 = '198.51.100.7';
const v6 = '2001:db8:0:1::/64';

function decided(world: World, change: Partial<CheckRequest> = {}) {
  const { outcome, attempt, writes } = decide(definition, { ...request, declaredIp: v4, ...change }, snapshotOf(world));
  return {
    result: outcome.result === 'denied' ? outcome.denial : outcome.result,
    taken: writes?.take.map(({ kind, value, replaces }) => [kind, value, replaces ?? []]),
    writes,
    attempt,
  };
}

const seen = (value: string, agoMs: number, own: Partial<Slot> = {}) =>
  slot('ip', value, { firstSeenAt: ago(agoMs), lastSeenAt: ago(agoMs), ...own });

describe('addresses that follow HWIDs', () => {
  const settings: Partial<Settings> = { 'limits.ipMode': 'follow-hwid', 'limits.ip': 2, 'limits.hwid': 3 };
  const full = [seen('192.0.2.1', 2 * hourMs), seen('192.0.2.2', 3 * hourMs)];

  test('a known HWID’s new address takes the place of the least recently seen one, and the attempt says which', () => {
    const { taken, writes, attempt } = decided({ settings, slots: [...full, ownHwid] });
    expect(taken).toEqual([['ip', v4, ['192.0.2.2']]]);
    expect(writes?.take[0]?.hwid).toBe('HWID-1');
    expect(attempt.newBindings).toEqual(['ip']);
    expect(attempt.replaced).toEqual([{ kind: 'ip', value: '192.0.2.2' }]);
    // It is no machine that another one replaced.
    expect(writes?.replacements).toBeNull();
  });

  test('it takes a free slot where there is one, and a known address needs none', () => {
    expect(decided({ settings, slots: [full[0]!, ownHwid] })).toMatchObject({
      taken: [['ip', v4, []]],
      attempt: { replaced: null },
    });
    expect(decided({ settings, slots: [...full, ownHwid] }, { declaredIp: '192.0.2.2' }).taken).toEqual([]);
  });

  test.each<[string, World, Partial<CheckRequest>]>([
    ['the HWID is new', { settings, slots: full }, {}],
    ['the HWID was released', { settings, slots: [...full, { ...ownHwid, releasedAt: ago(1) }] }, {}],
    [
      'the HWID has timed out',
      { settings: { ...settings, 'forgetAfter.hwid': 60 }, slots: [...full, { ...ownHwid, lastSeenAt: ago(hourMs) }] },
      {},
    ],
    ['HWIDs are unlimited', { settings: { ...settings, 'limits.hwid': null }, slots: [...full, ownHwid] }, {}],
    ['the limit is 0', { settings: { ...settings, 'limits.ip': 0 }, slots: [...full, ownHwid] }, {}],
    ['the mode is strict', { settings: { ...settings, 'limits.ipMode': 'strict' }, slots: [...full, ownHwid] }, {}],
    [
      'there is no HWID',
      { settings: { ...settings, 'tki.requireHwid': false }, slots: [...full, ownHwid] },
      { hwid: null },
    ],
  ])('a new address is refused where %s', (_why, world, change) => {
    expect(decided(world, change)).toMatchObject({ result: 'ip-limit', writes: null });
  });

  test('an IPv4 and an IPv6 address that a HWID uses within a day share a slot, and no longer after that', () => {
    const at = (agoMs: number) => [seen('192.0.2.2', hourMs), seen(v6, agoMs, { hwid: 'HWID-1' }), ownHwid];
    expect(decided({ settings, slots: at(dayMs) }).taken).toEqual([['ip', v4, []]]);
    expect(decided({ settings, slots: at(dayMs + 1) }).taken).toEqual([['ip', v4, [v6]]]);
    // Declared addresses may have a port.
    expect(decided({ settings, slots: at(dayMs) }, { declaredIp: `${v4}:25565` }).taken?.[0]?.[2]).toEqual([]);
  });

  test.each([
    ['of the same kind', '192.0.2.9', 'HWID-1'],
    ['of another HWID', v6, 'HWID-2'],
    ['of an unknown HWID', v6, undefined],
    ['that is no address', 'a text: with a colon', 'HWID-1'],
  ])('an address %s shares no slot', (_what, value, hwid) => {
    const slots = [seen('192.0.2.2', 1), seen(value, hourMs, hwid === undefined ? {} : { hwid }), ownHwid];
    expect(decided({ settings, slots }).taken).toEqual([['ip', v4, [value]]]);
  });

  test('a slot is shared by two addresses at most, which give way together by their last use', () => {
    const pair = [seen(v6, 5 * hourMs, { hwid: 'HWID-1' }), seen('192.0.2.3', 2 * hourMs, { hwid: 'HWID-1' })];
    const other = seen('192.0.2.9', 3 * hourMs);
    expect(decided({ settings, slots: [...pair, other, ownHwid] }).taken).toEqual([['ip', v4, ['192.0.2.9']]]);
    const later = { ...other, lastSeenAt: ago(hourMs) };
    expect(decided({ settings, slots: [...pair, later, ownHwid] }).taken).toEqual([['ip', v4, [v6, '192.0.2.3']]]);
  });

  test('a pair leaves its second slot to any machine, but only in this mode', () => {
    const pair = [seen(v6, 1, { hwid: 'HWID-2' }), seen('192.0.2.3', 1, { hwid: 'HWID-2' })];
    expect(decided({ settings, slots: pair }).result).toBe('granted');
    expect(decided({ settings: { ...settings, 'limits.ipMode': 'strict' }, slots: pair }).result).toBe('ip-limit');
    expect(decided({ settings, slots: [...pair, seen('192.0.2.9', 1)] }).result).toBe('ip-limit');
  });

  test('an address remembers the HWID that takes it in this mode alone, where HWIDs are limited', () => {
    const hwidOf = (own: Partial<Settings>) => decided({ settings: { ...settings, ...own } }).writes?.take[0]?.hwid;
    expect(hwidOf({})).toBe('HWID-1');
    expect(hwidOf({ 'limits.ipMode': 'strict' })).toBeUndefined();
    expect(hwidOf({ 'limits.hwid': null })).toBeUndefined();
  });

  test('an address that a clock which was ahead has seen gives way first, and shares nothing', () => {
    const ahead = seen(v6, -2 * dayMs, { hwid: 'HWID-1', firstSeenAt: ago(1) });
    expect(decided({ settings, slots: [full[1]!, ahead, ownHwid] }).taken).toEqual([['ip', v4, [v6]]]);
  });

  test('which address is the least recently seen is known to 10 minutes', () => {
    const own = (lastSeenAt: Date) => [slot('ip', v4, { lastSeenAt }), { ...ownHwid, lastSeenAt }];
    const refreshed = (agoMs: number) => decided({ settings, slots: own(ago(agoMs)) }).writes?.refresh;
    expect(refreshed(10 * minuteMs)).toEqual([]);
    expect(refreshed(10 * minuteMs + 1)).toEqual([{ kind: 'ip', value: v4 }]);
  });
});

describe('the newest machine wins', () => {
  const settings: Partial<Settings> = { 'limits.onFull': 'replace-oldest', 'limits.ip': 1, 'limits.hwid': 1 };
  const slots = [seen('192.0.2.1', hourMs), slot('hwid', 'OLD')];

  test('a new machine replaces the least recently seen slot of each full kind, which counts once', () => {
    const { taken, writes, attempt } = decided({ settings, slots });
    expect(taken).toEqual([
      ['ip', v4, ['192.0.2.1']],
      ['hwid', 'HWID-1', ['OLD']],
    ]);
    expect(writes?.replacements).toEqual([now]);
    expect(attempt.newBindings).toEqual(['ip', 'hwid']);
    expect(attempt.replaced).toEqual([
      { kind: 'ip', value: '192.0.2.1' },
      { kind: 'hwid', value: 'OLD' },
    ]);
  });

  test.each<[string, Partial<Settings>, readonly Date[], string]>([
    ['the quota is left', {}, [ago(1), ago(2), ago(3)], 'granted'],
    ['the quota is used', {}, [ago(1), ago(2), ago(3), ago(4)], 'ip-limit'],
    ['the quota is 0', { 'limits.replacesPer30Days': 0 }, [], 'ip-limit'],
    ['one replacement was 30 days ago', {}, [ago(30 * dayMs), ago(2), ago(3), ago(4)], 'granted'],
    ['one was by a clock that was ahead', {}, [ago(-31 * dayMs), ago(2), ago(3), ago(4)], 'granted'],
    ['the limit is 0', { 'limits.ip': 0 }, [], 'ip-limit'],
    ['full limits refuse', { 'limits.onFull': 'refuse' }, [], 'ip-limit'],
  ])('where %s', (_what, own, replacements, result) => {
    const world = { settings: { ...settings, ...own }, slots, license: { ...license, replacements } };
    expect(decided(world).result).toBe(result);
  });

  test('old replacements are no longer stored, and a check that replaces nothing stores none', () => {
    const replacements = [ago(40 * dayMs), ago(dayMs)];
    const aged = { ...license, replacements };
    expect(decided({ settings, slots, license: aged }).writes?.replacements).toEqual([ago(dayMs), now]);
    expect(decided({ settings, slots: [], license: aged }).writes?.replacements).toBeNull();
  });

  test('with addresses that follow HWIDs, those of a known HWID cost no replacement', () => {
    const both: Partial<Settings> = { ...settings, 'limits.ipMode': 'follow-hwid' };
    expect(decided({ settings: both, slots: [slots[0]!, ownHwid] }).writes).toMatchObject({
      take: [{ value: v4, replaces: ['192.0.2.1'] }],
      replacements: null,
    });
  });
});

test('the slots are listed only where a limit is full and may give way', () => {
  const listed = (world: World) => {
    const snapshot = snapshotOf(world);
    const kinds: string[] = [];
    const live: typeof snapshot.slots.live = (kind, forgetBefore) => {
      kinds.push(kind);
      return snapshot.slots.live(kind, forgetBefore);
    };
    decide(definition, { ...request, declaredIp: v4 }, { ...snapshot, slots: { ...snapshot.slots, live } });
    return kinds;
  };
  const slots = [seen('192.0.2.1', 1), ownHwid];
  const replacing: Partial<Settings> = { 'limits.onFull': 'replace-oldest', 'limits.ipMode': 'follow-hwid' };
  expect(listed({ settings: { 'limits.ip': 1 }, slots })).toEqual([]);
  expect(listed({ settings: { ...replacing, 'limits.ip': 2 }, slots })).toEqual([]);
  expect(listed({ settings: { ...replacing, 'limits.ip': 1 }, slots })).toEqual(['ip']);
});

describe('places', () => {
  const slots = fc
    .array(
      fc.record({
        isV6: fc.boolean(),
        hwid: fc.constantFrom('A', 'B', undefined),
        fromHours: fc.nat(96),
        lengthHours: fc.nat(30),
      }),
      { maxLength: 7 },
    )
    .map((list) =>
      list.map(({ isV6, hwid, fromHours, lengthHours }, index): Slot => {
        const value = isV6 ? `2001:db8:0:${index}::/64` : `192.0.2.${index}`;
        const lastSeenAt = ago((fromHours - lengthHours) * hourMs);
        return slot('ip', value, { firstSeenAt: ago(fromHours * hourMs), lastSeenAt, ...(hwid && { hwid }) });
      }),
    );
  const isV6 = ({ value }: Slot) => value.includes(':');
  const gapMs = (a: Slot, b: Slot) =>
    Math.max(Number(a.firstSeenAt) - Number(b.lastSeenAt), Number(b.firstSeenAt) - Number(a.lastSeenAt));
  const canPair = (a: Slot, b: Slot) =>
    a.hwid !== undefined && a.hwid === b.hwid && isV6(a) !== isV6(b) && gapMs(a, b) <= dayMs;

  /** The fewest places, by trying every way to pair. */
  function fewest([first, ...others]: readonly Slot[]): number {
    if (!first) return 0;
    const paired = others
      .filter((each) => canPair(first, each))
      .map((each) => fewest(others.filter((o) => o !== each)));
    return 1 + Math.min(fewest(others), ...paired);
  }

  test('are as few as pairs of one IPv4 and one IPv6 address allow, whatever order the store has', () => {
    fc.assert(
      fc.property(slots, (list) => {
        const believable = list.filter(({ lastSeenAt }) => Number(lastSeenAt) <= Number(now) + dayMs);
        const places = placesOf(believable, now);
        expect(places).toHaveLength(fewest(believable));
        expect(places.flat()).toHaveLength(believable.length);
        expect(places.every(([a, b, c]) => !c && (!b || canPair(a!, b)))).toBe(true);
        expect(placesOf(believable.toReversed(), now)).toEqual(places);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
