import { describe, expect, test } from '@jest/globals';
import { describeKnownKey } from '../../../commands/license-reassign.ts';
import { describeFound } from '../../../commands/license-search.ts';
import { describeForgotten } from '../../../commands/mylicenses.ts';
import { readFilters, withFilters } from '../../../src/discord/framework/filters.ts';
import { machineOptions, machineRef, parseResetTarget } from '../../../src/discord/options/machine-ref.ts';
import { zeroLimitKinds } from '../../../src/discord/options/limit-options.ts';
import { suggest } from '../../../src/discord/options/suggest.ts';
import { describeDenyingEntries } from '../../../src/discord/texts/blacklist.ts';
import { describeIps } from '../../../src/discord/texts/attempt-line.ts';
import { describeEdited } from '../../../src/discord/texts/license-edits.ts';
import { embed } from '../../../src/discord/framework/embed.ts';
import { describeIssued } from '../../../src/discord/texts/license-issue.ts';
import { describeCard } from '../../../src/discord/texts/license-card.ts';
import { describeRow, describeState } from '../../../src/discord/texts/licenses.ts';
import { describeHealth, describeOwnCard, describeOwnLine } from '../../../src/discord/texts/owner-card.ts';
import { describeLastDenial } from '../../../src/discord/texts/denial-card.ts';
import type { BlacklistEntry } from '../../../src/domain/blacklist/blacklist.ts';
import type { Remedy } from '../../../src/services/licenses/license-view.ts';
import { aBinding, aCard, anAttempt } from '../../support/license-card.ts';

const blacklisted: BlacklistEntry = {
  id: 7,
  guildId: 'g1',
  type: 'ip',
  value: '203.0.113.0/24',
  match: '203.0.113.0/24',
  reason: null,
  expiresAt: null,
  hits: 1,
  createdAt: new Date(0),
  createdBy: 'cli',
};

describe('describeLastDenial', () => {
  const attempt = anAttempt({ result: 'ip-limit', observedIp: '203.0.113.5' });
  const holder = aBinding({ value: '198.51.100.7' });

  test('names who was refused and who has the place', () => {
    const remedy: Remedy = { type: 'release', kind: 'ip', value: '203.0.113.5', limit: 1, holders: [holder] };
    expect(describeLastDenial({ attempt, remedy }, 'owner')).toBe(
      '`203.0.113.5` was refused <t:1772366400:R>: 1 of 1 IP used by `198.51.100.7`, last seen <t:1772366400:R>.',
    );
  });

  test('counts the holders that it does not name', () => {
    const holders = ['a', 'b', 'c', 'd', 'e'].map((value) => aBinding({ kind: 'hwid', value }));
    const remedy: Remedy = { type: 'release', kind: 'hwid', value: 'f', limit: 5, holders };
    const text = describeLastDenial({ attempt, remedy }, 'staff');
    expect(text).toContain('5 of 5 HWIDs');
    expect(text).toContain('and 2 more');
    expect(text).toContain('/license reset');
  });

  const remedies: readonly (readonly [Remedy, string, string])[] = [
    [{ type: 'raise-limit', kind: 'hwid', value: null }, '/license edit', 'Ask the staff'],
    [{ type: 'unblacklist', entry: null }, '/blacklist remove', 'Ask the staff'],
    [{ type: 'resume' }, '/license resume', 'Ask the staff'],
    [{ type: 'switch-on' }, '/mylicenses', 'Switch it on'],
    [{ type: 'extend' }, '/license extend', 'Ask the staff'],
    [{ type: 'restore' }, '/license restore', 'deleted'],
    [{ type: 'restore-product' }, '/product restore', 'Ask the staff'],
    [{ type: 'right-product', asked: '**X**', products: [{ name: 'Vault' }] }, '\\*\\*X\\*\\*', 'Vault'],
    [{ type: 'right-version', asked: '1.0', current: '2.0' }, '/product version', 'Update the program'],
    [{ type: 'right-release', asked: '2', published: ['1', '3'] }, '/product release add', 'Update the program'],
    [{ type: 'right-branch', asked: '*beta*' }, '/product release add', 'Ask the staff'],
    [{ type: 'resolved' }, 'which no longer holds', 'which no longer holds'],
    [{ type: 'right-scope', allowed: ['pro'], asked: null }, 'scope “pro”', 'another scope'],
    [{ type: 'more-points', isRefilled: false }, '`/license edit` gives more', 'Ask the staff'],
    [{ type: 'more-points', isRefilled: true }, 'come back after a while', 'come back after a while'],
    [{ type: 'own-hwid' }, '`hwid.placeholders`', 'Ask the staff'],
    [{ type: 'client' }, 'has to be fixed', 'Ask the staff'],
  ];
  test.each(remedies)('%j says to staff and owner what each can do', (remedy, toStaff, toOwner) => {
    expect(describeLastDenial({ attempt, remedy }, 'staff')).toContain(toStaff);
    expect(describeLastDenial({ attempt, remedy }, 'owner')).toContain(toOwner);
    expect(describeLastDenial({ attempt, remedy }, 'owner')).not.toMatch(/`\/(?:license|product|blacklist)/);
  });

  test('the reason of a blacklist entry is for staff alone', () => {
    const entry = { ...blacklisted, type: 'ip', value: '203.0.113.0/24', reason: 'resells keys' } as const;
    const lastDenial = { attempt, remedy: { type: 'unblacklist', entry } } as const;
    expect(describeLastDenial(lastDenial, 'staff')).toContain('resells keys');
    expect(describeLastDenial(lastDenial, 'owner')).not.toContain('resells keys');
  });
});

describe('the addresses of a check', () => {
  const both = { declaredIp: '198.51.100.7', observedIp: '203.0.113.5' };

  test.each([
    [{ ...both, countedIp: 'declared' }, '`198.51.100.7` from `203.0.113.5`'],
    [{ ...both, countedIp: 'observed' }, '`203.0.113.5` declared as `198.51.100.7`'],
    [{ ...both, countedIp: null }, '`198.51.100.7` from `203.0.113.5`'],
    [{ ...both, declaredIp: null, countedIp: 'observed' }, '`203.0.113.5`'],
    [{ ...both, declaredIp: both.observedIp, countedIp: 'declared' }, '`203.0.113.5`'],
  ] as const)('begin with the one that limits counted: %j', (addresses, text) => {
    expect(describeIps(addresses)).toBe(text);
  });
});

describe('states', () => {
  test('an owner reads who did it', () => {
    expect(describeState(aCard({ state: 'off' }), 'owner')).toBe('Paused by you');
    expect(describeState(aCard({ state: 'off' }), 'staff')).toBe('Paused by its owner');
    const suspended = aCard({ state: 'suspended' }, { holds: [{ kind: 'staff', at: new Date(0), reason: '*late*' }] });
    expect(describeState(suspended, 'owner')).toBe('Suspended by the staff <t:0:R>: \\*late\\*');
  });

  test('each hold is named with its reason and since when, and its owner reads what they can do', () => {
    const holds = [
      { kind: 'refund', at: new Date(0), reason: null },
      { kind: 'lapsed', at: new Date(60_000), reason: '3 months' },
    ] as const;
    const suspended = aCard({ state: 'suspended' }, { holds });
    const state =
      'Suspended because the purchase was refunded <t:0:R>; and because the subscription is unpaid <t:60:R>: 3 months';
    expect(describeState(suspended, 'staff')).toBe(state);
    const { description, fields = [] } = describeOwnCard(suspended);
    expect(description).toBe(state);
    expect(fields.find(({ name }) => name === 'What you can do')?.value).toBe(
      'If you were not refunded, ask the staff of the server.\n' +
        'Pay the subscription. If the license stays suspended, ask the staff of the server.',
    );
  });

  test('health is one sentence of whether it works', () => {
    expect(describeHealth(aCard({}))).toBe('Ready, not used yet');
    expect(describeHealth(aCard({ lastGrant: anAttempt({}) }))).toBe('Working, last check <t:1772366400:R>');
    expect(describeHealth(aCard({ state: 'expired' }, { expiresAt: new Date(0) }))).toBe('Expired <t:0:R>');
  });

  describe('of a license that the blacklist denies', () => {
    const entry = { ...blacklisted, type: 'user', value: '100000000000000001', reason: '*chargeback*' } as const;
    const ofOwner = { entry, value: null };
    const ofMachine = { entry: { ...blacklisted, id: 8, type: 'hwid', value: 'board-1' }, value: 'Board-1' } as const;
    const lastGrant = anAttempt({});

    test('an owner reads that it is blocked, not why; a machine besides is no reason for silence about the rest', () => {
      expect(describeHealth(aCard({ deniedBy: [ofOwner, ofMachine], lastGrant }))).toBe(
        'It is blocked in this server. Ask the staff of the server.',
      );
      expect(describeHealth(aCard({ deniedBy: [ofMachine], lastGrant }))).toBe(
        'Working, last check <t:1772366400:R>. Checks from HWID `Board-1` are blocked in this server. ' +
          'Ask the staff of the server.',
      );
      expect(describeOwnLine(aCard({ deniedBy: [ofOwner] }))).toMatch(/^🔴/);
      expect(describeOwnLine(aCard({}))).toMatch(/^🟢/);
    });

    test('staff read each entry with its number, unless the last denial names it', () => {
      const staffCard = (own: Parameters<typeof aCard>[0]) => describeCard(aCard(own)).description ?? '';
      expect(staffCard({ deniedBy: [ofOwner, ofMachine] })).toBe(
        '⛔ Every check is refused: user <@100000000000000001> is on the blacklist (entry 7). ' +
          '`/blacklist remove` lets it in.\n' +
          '⛔ Checks from HWID `Board-1` are refused: HWID `board-1` is on the blacklist (entry 8). ' +
          '`/blacklist remove` lets it in.',
      );
      const attempt = anAttempt({ result: 'user-blacklisted' });
      const lastDenial = { attempt, remedy: { type: 'unblacklist', entry } } as const;
      const both = staffCard({ deniedBy: [ofOwner, ofMachine], lastDenial });
      expect(both).toContain('was refused');
      expect(both).not.toContain('entry 7');
      expect(both).toContain('entry 8');
      expect(describeHealth(aCard({ deniedBy: [ofOwner], lastDenial }))).toContain('it is blocked in this server');
    });

    test('many entries are counted', () => {
      const many = Array.from({ length: 5 }, (_, id) => ({ ...ofMachine, entry: { ...ofMachine.entry, id } }));
      expect(describeDenyingEntries(many)).toHaveLength(4);
      expect(describeDenyingEntries(many).at(-1)).toBe('2 more entries of the blacklist refuse it, too.');
      expect(describeDenyingEntries(many.slice(1)).at(-1)).toBe('1 more entry of the blacklist refuses it, too.');
    });
  });

  test('a denial that still holds is the headline, one that no longer does is history', () => {
    const lastGrant = anAttempt({});
    const lastDenial = (remedy: Remedy) => ({ attempt: anAttempt({ result: 'suspended' }), remedy });
    const denied = aCard({ lastGrant, lastDenial: lastDenial({ type: 'resume' }) });
    expect(describeCard(denied).description).toContain('❌ `203.0.113.5` was refused');
    expect(describeHealth(denied)).toContain('was refused');
    expect(describeOwnLine(denied)).toContain('🔴');

    const passing = aCard({ lastGrant, lastDenial: lastDenial({ type: 'resolved' }) });
    const history = expect.objectContaining({
      name: 'Last refused',
      value: '`203.0.113.5` was refused <t:1772366400:R>: suspended, which no longer holds.',
    });
    const unused = describeCard(aCard({}));
    expect(describeCard(passing)).toMatchObject({ color: unused.color, fields: expect.arrayContaining([history]) });
    expect(describeCard(passing).description).toBeUndefined();
    expect(describeHealth(passing)).toBe('Working, last check <t:1772366400:R>');
    expect(describeOwnLine(passing)).toContain('🟢');
    expect(describeOwnCard(passing).fields).toContainEqual(history);
  });

  test('a card never holds the note, and an owner’s no order either', () => {
    const card = aCard({}, { note: 'secret note', order: 'INV-9' });
    expect(JSON.stringify(describeCard(card))).not.toContain('secret note');
    expect(JSON.stringify(describeOwnCard(card))).not.toMatch(/secret note|INV-9/);
  });

  test('a card with the most and longest of everything is within Discord’s limits', () => {
    const long = '*'.repeat(1024);
    const bindings = (['ip', 'hwid', 'mac'] as const).flatMap((kind) =>
      Array.from({ length: 20 }, () => aBinding({ kind, value: long })),
    );
    const product = { ...aCard({}).product, name: '*'.repeat(100) };
    const full = { bindings, bindingCounts: { ip: 1000, hwid: 1000, mac: 1000 }, product };
    const card = describeCard(aCard({ ...full, customerId: long }, { name: long, order: long, scope: long }));
    expect(JSON.stringify(card).length).toBeLessThan(6000);
    for (const field of card.fields ?? []) expect(field.value.length).toBeLessThanOrEqual(1024);
  });

  test('a row in a list shows what is not as usual', () => {
    const row = describeRow(
      aCard(
        { state: 'suspended' },
        {
          ownerId: '100000000000000001',
          name: 'VIP',
          holds: [{ kind: 'refund', at: new Date(0), reason: null }],
        },
      ),
    );
    expect(row).toBe(
      '**Vault** `…ABCDE` (#12) · <@100000000000000001> · Suspended because the purchase was refunded <t:0:R> · VIP',
    );
  });
});

describe('changes', () => {
  const { license, product, furtherProducts } = aCard({});

  test('are shown as they were and are, and of the note only that it changed', () => {
    const before = { license, product, furtherProducts };
    const edited = { ...license, limits: { ...license.limits, ip: null }, note: 'bad payer' };
    const { lines } = describeEdited({
      license: edited,
      product,
      furtherProducts,
      before,
      newlyLimited: [],
      newlyZero: [],
      effectIds: [],
    });
    expect(lines?.slice(1)).toEqual(['note changed', 'IP limit: `inherit` → `unlimited`']);
  });

  test('what was issued never holds its keys', () => {
    const issued = { issued: [{ license, key: 'AAAAA-BBBBB' }], product, furtherProducts, effectIds: [] };
    const card = describeIssued(issued, false);
    expect(JSON.stringify(card)).not.toContain('AAAAA');
    expect(card.title).toBe('1 license issued');
  });

  test('a known key is warned of, a new one is not', () => {
    const previous = { previousOwnerId: '100000000000000001', previousHelperIds: [] };
    const moved = { ...aCard({}), effectIds: [], machinesKept: false, ...previous };
    expect(describeKnownKey({ ...moved, previousOwnerKnowsKey: true, newKey: null })).toHaveLength(1);
    expect(describeKnownKey({ ...moved, previousOwnerKnowsKey: false, newKey: 'x' })).toEqual([]);
  });

  test('what was forgotten is counted by kind', () => {
    expect(describeForgotten({ released: { ip: 2, hwid: 1, mac: 0 } })).toContain('2 IPs and 1 HWID');
  });

  test('a search says as what it read the text', () => {
    const rows = [aCard({})];
    expect(describeFound(1, { rows, by: 'ip' })).toBe('1 license with this IP');
    expect(describeFound(0, { rows: [], by: null })).toBe('No license found');
  });
});

describe('options', () => {
  test('filters survive in the footer of a message, values with colons too', () => {
    const filters = { ip: '2001:db8::1', hwid: 'a: b', result: null };
    const shown = withFilters(embed({ lines: ['x'] }), filters);
    expect(readFilters([shown])).toEqual({ ip: '2001:db8::1', hwid: 'a: b' });
    expect(readFilters([embed({})])).toEqual({});
  });

  test('filters show users by name and instants in the reader’s zone, and are read back exactly', () => {
    const filters = {
      owner: '100000000000000001',
      since: '2026-03-01T12:00:00.000Z',
      'ends before': '2027-01-31T00:00:05.000Z',
      hwid: '2026-03-01T12:00:00.000Z',
    };
    const shown = withFilters(embed({ lines: ['x'] }), filters);
    expect(shown.fields?.[0]?.value.split('\n')).toEqual([
      'owner: <@100000000000000001>',
      'since: <t:1772366400:f>',
      'ends before: <t:1801353605:f>',
    ]);
    expect(readFilters([shown])).toEqual(filters);
  });

  test('a machine is named within Discord’s 100 characters, whatever its value is', () => {
    const machine = aBinding({ kind: 'hwid', value: 'h'.repeat(1024) });
    const [option] = machineOptions([machine]);
    expect(option!.value.length).toBeLessThanOrEqual(100);
    expect(parseResetTarget(option!.value, [machine])).toEqual({ kind: 'hwid', value: machine.value });
  });

  test('what to forget is everything, a kind, a machine or nothing known', () => {
    const machine = aBinding({ value: '198.51.100.7' });
    expect(parseResetTarget('All', [])).toBe('all');
    expect(parseResetTarget('hwid', [])).toBe('hwid');
    expect(parseResetTarget(' 198.51.100.7 ', [machine])).toEqual({ kind: 'ip', value: '198.51.100.7' });
    expect(parseResetTarget(machineRef(machine), [])).toBeNull();
  });

  test('suggestions offer what is typed first, unless it is one of them', () => {
    expect(suggest(['1', '10', 'unlimited'], '')).toHaveLength(3);
    expect(suggest(['1', '10', 'unlimited'], '1').map(({ value }) => value)).toEqual(['1', '10']);
    expect(suggest(['1', '10', 'unlimited'], '7').map(({ value }) => value)).toEqual(['7']);
  });

  test('a limit of 0 is distinguished from every other text', () => {
    expect(zeroLimitKinds({ ip: '0', hwid: '00', mac: '10' })).toEqual(['ip', 'hwid']);
    expect(zeroLimitKinds({ ip: 'zero', hwid: '' })).toEqual([]);
  });
});
