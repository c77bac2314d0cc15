import { describe, expect, test } from '@jest/globals';
import { describeNotices, type DmNotice } from '../../../src/discord/texts/direct-message.ts';
import type { License } from '../../../src/domain/license.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';
import { aCard } from '../../support/license-card.ts';

const now = new Date('2026-05-01T12:00:00Z');

function read(notice: DmNotice['notice'], own: Partial<License> = {}): string {
  const { license, product, furtherProducts } = aCard({}, own);
  const reply = describeNotices(
    { guildName: 'Shop', settings: defaultSettings, now },
    [{ license, product, furtherProducts, notice }],
    [],
  );
  return reply.embeds?.[0]?.description ?? '';
}

describe('a notice of a reset', () => {
  const reset = (...machines: { kind: 'ip' | 'hwid' | 'mac'; value: string | null; count: number }[]) =>
    read({ type: 'reset', machines, reason: null });

  test('names the one machine that was forgotten', () => {
    expect(reset({ kind: 'hwid', value: 'DESKTOP_1', count: 1 })).toContain('the HWID `DESKTOP_1` is forgotten');
  });

  test('counts machines of whole kinds', () => {
    const all = [
      { kind: 'ip', value: null, count: 2 },
      { kind: 'hwid', value: null, count: 1 },
    ] as const;
    expect(reset(...all)).toContain('forgotten: 2 IPs and 1 HWID.');
  });

  test('of an earlier version, which did not say what was forgotten, is still sent', () => {
    expect(read({ type: 'reset', reason: null })).toContain('the machines that used it are forgotten');
  });
});

describe('a notice of a license that was resumed or restored', () => {
  test.each(['resumed', 'restored'] as const)('promises nothing that is not so (%s)', (type) => {
    const notice = { type, reason: null };
    expect(read(notice)).toMatch(/works again|is back\.$/);
    expect(read(notice, { switchedOff: true })).toContain('You have paused it');
    expect(read(notice, { expiresAt: now })).toContain('It has expired');
  });

  test('a restored license that is suspended is back, and refused', () => {
    expect(read({ type: 'restored', reason: null }, { holds: [{ kind: 'staff', at: now, reason: null }] })).toContain(
      'still refuse it',
    );
  });
});
