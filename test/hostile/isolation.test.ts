import { expect, test } from '@jest/globals';
import { useServices } from '../support/open-services.ts';
import { guildAttacks } from './isolation/guild-attacks.ts';
import { licenseAttacks } from './isolation/license-attacks.ts';
import { productAttacks } from './isolation/product-attacks.ts';
import type { Attacks, Row } from './isolation/row.ts';
import { mark, openTwoGuilds, stateOf } from './isolation/two-guilds.ts';

const open = useServices();

/** One row for every use case. */
const matrix: Attacks = { ...guildAttacks, ...productAttacks, ...licenseAttacks };

/** Names of all use cases, `licenses.issue` and the like. */
function useCases(services: object, prefix = ''): readonly string[] {
  return Object.entries(services).flatMap(([name, member]) =>
    typeof member === 'function' ? [prefix + name] : useCases(member as object, `${prefix}${name}.`),
  );
}

test('every use case has its row in the matrix, and no row is of none', async () => {
  const { services } = await open();
  expect(Object.keys(matrix).sort()).toEqual([...useCases(services)].sort());
});

const rows = Object.entries(matrix).filter((row): row is [string, Row] => 'tries' in row[1]);

test.each(rows)(
  '%s gives guild one nothing of guild two, and changes nothing there',
  async (_name, { tries, refused }) => {
    expect(tries.length).toBeGreaterThan(0);
    for (const attack of tries) {
      const world = await openTwoGuilds(open);
      const before = await stateOf(world);
      const answer = await attack(world);
      if (refused !== undefined) {
        expect(answer).toMatchObject({ ok: false, error: { code: refused } });
      } else {
        const text = JSON.stringify(answer ?? null);
        expect(text).not.toContain(mark);
        expect(text).not.toContain('"g2"');
      }
      expect(await stateOf(world)).toEqual(before);
    }
  },
);
