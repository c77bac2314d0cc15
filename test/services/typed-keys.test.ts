import { describe, expect, test } from '@jest/globals';
import { createServices } from '../../src/services/services.ts';
import { alice, bob, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

/** Ways in which people pass a key on: quoted, labelled, in Markdown, with other dashes or none, in a sentence. */
const spellings = [
  'shop – ab2cd — ef3gh',
  '`SHOP - AB2CD-EF3GH`',
  '**Key:** ||Shop - Ab2cd-Ef3gh||',
  'Your license key: "SHOP-AB2CD-EF3GH".',
  'ＳＨＯＰ AB2CD EF3GH.',
  'shop_ab2cd_ef3gh',
  '\u200bShop-AB2CD\u2011EF3GH\u2060',
  '```\nshopab2cdef3gh\n```',
];
const key = 'Shop - AB2CD-EF3GH';

describe('a typed key', () => {
  test.each(spellings)('%j means the license with its letters and digits', async (typed) => {
    const { services, storage, issue } = await open();
    const { license } = await issue({ key });
    expect(valueOf(await services.licenses.resolve('g1', typed)).id).toBe(license.id);
    expect(valueOf(await services.licenses.resolve('g1', `key:${typed}`)).id).toBe(license.id);
    const found = await services.licenses.find('g1', typed, 5);
    expect([found.by, ...found.rows.map((row) => row.license.id)]).toEqual(['key', license.id]);
    valueOf(await services.blacklist.add({ ...by(), type: 'key', value: typed }));
    expect(await storage.blacklistEntry('g1', { type: 'key', key })).not.toBeNull();
    expect(await services.blacklist.check('g1', typed)).toHaveLength(1);
    expect(codeOf(await services.blacklist.find('g1', 'key', typed))).toBeUndefined();
    const redeemed = await services.buyers.redeem({ userId: alice, key: typed, guildId: 'g1' });
    expect(valueOf(redeemed).license.id).toBe(license.id);
  });

  test('that fits several licenses chooses none, and says so', async () => {
    const { services, storage, issue } = await open();
    const lower = await issue({ key: 'twin-key-1' });
    const upper = await issue({ key: 'TWIN-KEY-1' });
    const ids = [lower.license.id, upper.license.id];
    const ambiguous = { error: { code: 'license-ambiguous', licenseIds: ids } };
    expect(await services.licenses.resolve('g1', 'Twin key 1')).toMatchObject(ambiguous);
    expect(await services.blacklist.add({ ...by(), type: 'key', value: 'Twin key 1' })).toMatchObject(ambiguous);
    expect(await storage.countBlacklist('g1')).toBe(0);
    expect((await services.licenses.find('g1', 'Twin key 1', 5)).rows.map((row) => row.license.id)).toEqual(ids);
    for (const guildId of ['g1', null]) {
      const redeemed = await services.buyers.redeem({ userId: alice, key: 'Twin key 1', guildId });
      expect(codeOf(redeemed)).toBe('key-ambiguous');
    }
    for (const { license } of [lower, upper]) {
      expect(await storage.license('g1', { id: license.id })).toMatchObject({ ownerId: null });
    }
  });

  test('that is exactly the key of one of them means that one', async () => {
    const { services, issue } = await open();
    const lower = await issue({ key: 'twin-key-1' });
    const upper = await issue({ key: 'TWIN-KEY-1' });
    for (const { license, key: exact } of [lower, upper]) {
      expect(valueOf(await services.licenses.resolve('g1', `Key: ${exact}`)).id).toBe(license.id);
      const redeemed = await services.buyers.redeem({ userId: alice, key: `"${exact}"`, guildId: null });
      expect(valueOf(redeemed).license.id).toBe(license.id);
    }
  });

  test('means a deleted license only where no other one fits', async () => {
    const { services, issue } = await open();
    const first = await issue({ key: 'twin-key-1' });
    const second = await issue({ key: 'TWIN-KEY-1' });
    valueOf(await services.licenses.delete({ ...by(), licenseId: first.license.id }));
    expect(valueOf(await services.licenses.resolve('g1', 'Twin key 1')).id).toBe(second.license.id);
    valueOf(await services.licenses.delete({ ...by(), licenseId: second.license.id }));
    expect(codeOf(await services.licenses.resolve('g1', 'Twin key 1'))).toBe('license-ambiguous');
    expect(codeOf(await services.buyers.redeem({ userId: alice, key: 'Twin key 1', guildId: 'g1' }))).toBe('wrong-key');
  });

  test("that fits one's own license and another owner's means one's own", async () => {
    const { services, issue } = await open();
    await issue({ key: 'twin-key-1', ownerId: bob });
    const own = await issue({ key: 'TWIN-KEY-1' });
    const redeemed = await services.buyers.redeem({ userId: alice, key: 'Twin key 1', guildId: 'g1' });
    expect(valueOf(redeemed).license.id).toBe(own.license.id);
  });

  test('may be its id or its last group with something invisible at it', async () => {
    const { services, issue } = await open();
    const { license } = await issue();
    for (const typed of [`${license.id}\u200b`, `\u2060\`…${license.keySuffix.toLowerCase()}\``]) {
      expect(valueOf(await services.licenses.resolve('g1', typed)).id).toBe(license.id);
      expect((await services.licenses.find('g1', typed, 5)).rows.map((row) => row.license.id)).toEqual([license.id]);
    }
  });

  test('claims nothing where the license gets a new key between look-up and claim', async () => {
    const { services, storage, clock, random, issue } = await open();
    const { license } = await issue({ key });
    const racing: typeof storage = {
      ...storage,
      licenseKey: async (guildId, id) => {
        valueOf(await services.licenses.rekey({ ...by(), licenseId: id }));
        return storage.licenseKey(guildId, id);
      },
    };
    const context = { storage: racing, clock: clock.now, randomBytes: random, publicUrl: () => '' };
    const redeemed = await createServices(context).buyers.redeem({ userId: alice, key: spellings[0]!, guildId: 'g1' });
    expect(codeOf(redeemed)).toBe('wrong-key');
    expect(await storage.license('g1', { id: license.id })).toMatchObject({ ownerId: null });
  });

  test('stops working when the license gets a new key', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ key });
    const renewed = valueOf(await services.licenses.rekey({ ...by(), licenseId: license.id }));
    const redeem = (typed: string) => services.buyers.redeem({ userId: alice, key: typed, guildId: null });
    expect(codeOf(await redeem('shop ab2cd ef3gh'))).toBe('wrong-key');
    expect(valueOf(await redeem(renewed.key.toLowerCase())).license.id).toBe(license.id);
  });
});

describe('a near miss', () => {
  const missing = 'ABCDE-FGHJK-MNPQR-STUVW';
  const nearMiss = { length: 20, keyLength: 25, groupLength: 5, lookAlikes: '' };

  test('is explained, also in a direct message where there is one server', async () => {
    const { services, addGuild } = await open();
    const redeem = (guildId: string | null) => services.buyers.redeem({ userId: alice, key: missing, guildId });
    const explained = { ok: false, error: { code: 'key-near-miss', ...nearMiss } };
    for (const guildId of ['g1', null]) expect(await redeem(guildId)).toEqual(explained);
    for (const text of [missing, `key:${missing}`]) {
      expect(await services.licenses.resolve('g1', text)).toEqual(explained);
    }
    await addGuild('g2');
    expect(codeOf(await redeem(null))).toBe('wrong-key');
  });

  test('does not count as a wrong key', async () => {
    const { services, issue } = await open();
    const redeem = (typed: string) => services.buyers.redeem({ userId: alice, key: typed, guildId: 'g1' });
    for (let count = 0; count < 4; count++) expect(codeOf(await redeem(`wrong ${count}`))).toBe('wrong-key');
    for (let count = 0; count < 10; count++) expect(codeOf(await redeem(missing))).toBe('key-near-miss');
    const { key: right } = await issue();
    expect(codeOf(await redeem(right))).toBeUndefined();
    expect(codeOf(await redeem('wrong 4'))).toBe('wrong-key');
    expect(codeOf(await redeem(right))).toBe('redeem-wait');
  });

  test('is no way to try keys without end', async () => {
    const { services, clock } = await open();
    const redeem = () => services.buyers.redeem({ userId: alice, key: missing, guildId: 'g1' });
    for (let count = 0; count < 30; count++) expect(codeOf(await redeem())).toBe('key-near-miss');
    expect(codeOf(await redeem())).toBe('redeem-wait');
    clock.advance(10 * 60_000);
    expect(codeOf(await redeem())).toBe('key-near-miss');
  });
});
