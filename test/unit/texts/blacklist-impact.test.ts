import { describe, expect, test } from '@jest/globals';
import type { BlacklistType } from '../../../src/domain/blacklist/blacklist.ts';
import { describeConcerns, describeImpact } from '../../../src/texts/blacklist-impact.ts';

const lastDay = { all: 1_234, matching: 1_000 };

describe('what an entry hits', () => {
  test.each<[BlacklistType, number, number, boolean, string]>([
    ['ip', 0, 0, true, 'It hits nothing: no license was bound or granted from there in the last 7 days.'],
    ['ip', 1, 0, true, 'It hits 1 license and 0 owners that were bound or granted from there in the last 7 days.'],
    ['hwid', 2, 1, true, 'It hits 2 licenses and 1 owner that were bound or granted from there in the last 7 days.'],
    [
      'country',
      1_200,
      900,
      false,
      'It hits at least 1,200 licenses and 900 owners; in the last 7 days there were too many checks to look at all of them.',
    ],
    [
      'ip',
      0,
      0,
      false,
      'It hits no license that was found; in the last 7 days there were too many checks to look at all of them.',
    ],
    ['user', 0, 0, true, 'It hits nothing: this user owns no license.'],
    ['user', 2, 1, true, 'It hits 2 licenses and 1 owner.'],
    ['key', 0, 0, true, 'It hits nothing: no license has this key.'],
    ['key', 1, 1, true, 'It hits 1 license and 1 owner.'],
  ])('%s, %i licenses of %i owners, all looked at: %j', (type, licenses, owners, isComplete, text) => {
    expect(describeImpact(type, { licenses, owners, isComplete, lastDay })).toBe(text);
  });

  test('each reason to ask is a sentence of its own, but the number of licenses, which stands before', () => {
    const impact = { licenses: 2, owners: 2, isComplete: true, lastDay };
    const concerns = ['proxy', 'most-grants', 'several-licenses'] as const;
    const told = describeConcerns({ type: 'ip', value: '', impact, concerns, confirmWith: '' });
    expect(told).toEqual([
      'It holds a proxy in front of the server, through which every customer may come.',
      'It would have refused 1,000 of the 1,234 checks that were granted in the last day.',
    ]);
  });
});
