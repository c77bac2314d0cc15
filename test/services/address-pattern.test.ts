import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../src/domain/attempt.ts';
import { addressPatternIn } from '../../src/services/licenses/address-pattern.ts';
import { anAttempt } from '../support/license-card.ts';
import { alice, by, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const start = Date.parse('2026-03-01T12:00:00.000Z');

/** Uses of one HWID, one hour apart, by their addresses; `!` before an address: it was refused. */
function uses(texts: readonly string[], own: (index: number) => Partial<Attempt> = () => ({})): readonly Attempt[] {
  return texts.map((text, index) =>
    anAttempt({
      id: index + 1,
      at: new Date(start + index * hourMs),
      hwid: 'board',
      result: text.startsWith('!') ? 'ip-limit' : 'granted',
      observedIp: text.replace('!', ''),
      declaredIp: null,
      ...own(index),
    }),
  );
}

describe('many addresses of one HWID, never two at a time', () => {
  test('are a pattern from three on, whatever the order in which they are read', () => {
    const attempts = uses(['10.0.0.1', '10.0.0.2', '!10.0.0.3', '!10.0.0.3']);
    expect(addressPatternIn(attempts)).toEqual({ hwid: 'board', addresses: 3 });
    expect(addressPatternIn(attempts.toReversed())).toEqual({ hwid: 'board', addresses: 3 });
  });

  test.each<[string, readonly Attempt[]]>([
    ['two addresses', uses(['10.0.0.1', '!10.0.0.2'])],
    ['none was refused', uses(['10.0.0.1', '10.0.0.2', '10.0.0.3'])],
    ['another HWID', uses(['10.0.0.1', '10.0.0.2', '!10.0.0.3'], (i) => (i === 1 ? { hwid: 'other' } : {}))],
    ['a client without HWID', uses(['10.0.0.1', '10.0.0.2', '!10.0.0.3'], (i) => (i === 2 ? { hwid: null } : {}))],
    [
      'an address is used again within an hour, another one in between',
      uses(['10.0.0.1', '10.0.0.2', '10.0.0.1', '!10.0.0.3'], (i) => ({ at: new Date(start + i * 29 * minuteMs) })),
    ],
    ['no attempts', []],
  ])('are none with %s', (_why, attempts) => {
    expect(addressPatternIn(attempts)).toBeNull();
  });

  test('may come back later, and be an IPv4 and an IPv6 address at the same time', () => {
    const back = uses(['10.0.0.1', '10.0.0.2', '10.0.0.1', '!10.0.0.3']);
    expect(addressPatternIn(back)).toEqual({ hwid: 'board', addresses: 3 });
    const both = ['10.0.0.1', '2001:db8:0:1::/64', '10.0.0.1', '2001:db8:0:1::/64', '!10.0.0.3'];
    const dual = uses(both, (index) => ({ at: new Date(start + index * minuteMs) }));
    expect(addressPatternIn(dual)).toEqual({ hwid: 'board', addresses: 3 });
  });

  test('other denials say nothing about addresses', () => {
    const others = uses(['10.0.0.1', '10.0.0.2', '!10.0.0.3', '10.0.0.4'], (index) =>
      index === 3 ? { result: 'suspended', hwid: 'other' } : {},
    );
    expect(addressPatternIn(others)).toEqual({ hwid: 'board', addresses: 3 });
  });
});

describe('a license whose machine changes its address', () => {
  /** The machine has come from two addresses, an hour apart, and the third is refused. */
  async function openRefused(limits: object = { ip: '2', hwid: '1' }) {
    const world = await open();
    const { services, storage, clock, issue, check } = world;
    const { key, license } = await issue({ ownerId: alice, limits });
    const use = async (observedIp: string, own: object = {}) => {
      await check({ key, hwid: 'board', observedIp, ...own });
      const [latest] = await storage.attempts('g1', { quiet: true }, { limit: 1, beforeId: null });
      await services.alerts.watch([latest!]);
      clock.advance(hourMs);
    };
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) await use(address);
    const alerts = async () => (await storage.alertsAfter(0, 10)).filter(({ kind }) => kind === 'addresses.change');
    const pattern = async () => valueOf(await services.licenses.card('g1', license.id)).addressPattern;
    return { ...world, license, use, alerts, pattern };
  }

  test('is shown on its card and raised as an alert, at most once an hour', async () => {
    const { license, use, alerts, pattern, clock } = await openRefused();
    expect(await pattern()).toEqual({ hwid: 'board', addresses: 3 });
    const text = expect.stringMatching(/^License 1 \(….+\) is used by one HWID from 3 addresses/);
    expect(await alerts()).toMatchObject([{ guildId: 'g1', subject: `license:${license.id}`, text }]);

    clock.advance(-10 * minuteMs);
    await use('10.0.0.3');
    expect(await alerts()).toHaveLength(1);
    await use('10.0.0.3');
    expect(await alerts()).toHaveLength(2);
  });

  test('is no longer one where the mode is set', async () => {
    const { services, pattern } = await openRefused();
    await services.settings.patch({ ...by(), patch: { 'limits.ipMode': 'follow-hwid' } });
    expect(await pattern()).toBeNull();
  });

  test.each([
    ['HWIDs are unlimited', { ip: '2', hwid: 'unlimited' }],
    ['no HWID may use it', { ip: '2', hwid: '0' }],
    ['no IP may use it', { ip: '0', hwid: '1' }],
  ])('is none where %s, since the mode would not help', async (_why, limits) => {
    const { alerts, pattern } = await openRefused(limits);
    expect(await pattern()).toBeNull();
    expect(await alerts()).toEqual([]);
  });

  test('is none where its HWID was released, or over a month ago', async () => {
    const { services, license, pattern, clock } = await openRefused();
    clock.advance(30 * dayMs);
    expect(await pattern()).toBeNull();
    clock.advance(-30 * dayMs);
    await services.licenses.reset({ ...by(), licenseId: license.id, what: 'hwid' });
    expect(await pattern()).toBeNull();
  });
});
