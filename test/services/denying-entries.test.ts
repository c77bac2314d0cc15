import { describe, expect, test } from '@jest/globals';
import type { BlacklistType } from '../../src/domain/blacklist/blacklist.ts';
import { alice, bob, by, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const dayMs = 86_400_000;

describe('the blacklist entries that deny a license', () => {
  async function openWithLicense() {
    const opened = await open();
    const { key, license } = await opened.issue({ ownerId: alice });
    const add = async (type: BlacklistType, value: string, end = 'never') =>
      valueOf(await opened.services.blacklist.add({ ...by(), type, value, for: end, confirmed: true })).entry;
    const deniedBy = async () => {
      const card = valueOf(await opened.services.licenses.card('g1', license.id));
      expect(await opened.services.licenses.deniedBy('g1', license.id)).toEqual(card.deniedBy);
      return card.deniedBy.map(({ entry, value }) => [entry.id, value]);
    };
    return { ...opened, key, license, add, deniedBy };
  }

  test('are none where nothing is known of it but its owner and key, and these are not listed', async () => {
    const { add, deniedBy } = await openWithLicense();
    await add('user', bob);
    await add('key', 'ANOTHER-KEY');
    await add('ip', '203.0.113.5');
    expect(await deniedBy()).toEqual([]);
  });

  test('are known of its owner and key although nothing has checked it, and until they end', async () => {
    const { clock, license, add, deniedBy } = await openWithLicense();
    const forKey = await add('key', String(license.id), '1d');
    const forUser = await add('user', alice);
    expect(await deniedBy()).toEqual([
      [forUser.id, null],
      [forKey.id, null],
    ]);
    clock.advance(dayMs);
    expect(await deniedBy()).toEqual([[forUser.id, null]]);
  });

  test('are known of where it was last granted, and of its machines, once each', async () => {
    const { key, check, add, deniedBy } = await openWithLicense();
    await check({ key, observedIp: '203.0.113.5', hwid: 'Board-1' });
    await check({ key, observedIp: '203.0.113.6', hwid: 'Board-2', declaredIp: 'node-7:1', country: 'DEU' });
    const range = await add('ip', '203.0.113.0/24');
    const old = await add('hwid', 'BOARD-1');
    const declared = await add('ip', 'Node-7:1');
    const country = await add('country', 'de');
    await add('hwid', 'Board-3');
    expect(await deniedBy()).toEqual([
      [country.id, 'DEU'],
      [range.id, '203.0.113.6'],
      [declared.id, 'node-7:1'],
      [old.id, 'Board-1'],
    ]);
  });

  test('follow the license to its next owner, and not to the next key', async () => {
    const { services, license, add, deniedBy } = await openWithLicense();
    const forKey = await add('key', String(license.id));
    const forBob = await add('user', bob);
    expect(await deniedBy()).toEqual([[forKey.id, null]]);
    valueOf(await services.licenses.reassign({ ...by(), licenseId: license.id, ownerId: bob, newKey: true }));
    expect(await deniedBy()).toEqual([[forBob.id, null]]);
  });
});
