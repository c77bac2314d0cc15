import { describe, expect, test } from '@jest/globals';
import { alice, bob, by, carol, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const minuteMs = 60_000;

describe('redeeming a key', () => {
  test('makes the license theirs, sends the key and gives roles', async () => {
    const { services, storage, issue, effects } = await open();
    const { key, license } = await issue();
    const redeemed = valueOf(
      await services.buyers.redeem({ userId: alice, key: ` \`${key.toLowerCase()}\``, guildId: 'g1' }),
    );
    expect(redeemed).toMatchObject({
      outcome: 'claimed',
      license: { id: license.id, ownerId: alice },
      guildName: 'Guild g1',
    });
    expect(await effects(redeemed.effectIds)).toEqual([
      { kind: 'dm', userId: alice, message: { type: 'keys', why: 'redeemed', licenseIds: [license.id] } },
      { kind: 'roles', userId: alice },
    ]);
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.redeemed', actor: { type: 'user', id: alice } });
  });

  test("one's own key gives the roles again and changes nothing", async () => {
    const { services, issue, effects, auditActions } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const redeemed = valueOf(await services.buyers.redeem({ userId: alice, key, guildId: 'g1' }));
    expect(redeemed.outcome).toBe('restored');
    expect(await effects(redeemed.effectIds)).toEqual([{ kind: 'roles', userId: alice }]);
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.issued']);
  });

  test('of 20 people at once exactly one gets it', async () => {
    const { services, storage, issue } = await open();
    const { key, license } = await issue();
    const people = Array.from({ length: 20 }, (_, index) => `20000000000000000${index}`.slice(0, 19));
    const results = await Promise.all(people.map((userId) => services.buyers.redeem({ userId, key, guildId: 'g1' })));
    const winners = people.filter((_, index) => results[index]?.ok);
    expect(winners).toHaveLength(1);
    expect(await storage.license('g1', { id: license.id })).toMatchObject({ ownerId: winners[0] });
    expect(new Set(results.filter(({ ok }) => !ok).map(codeOf))).toEqual(new Set(['wrong-key']));
  });

  test('of 20 presses by one person one claims and the others find it theirs or wait', async () => {
    const { services, issue, auditActions } = await open();
    const { key, license } = await issue();
    const press = () => services.buyers.redeem({ userId: alice, key, guildId: 'g1' });
    const results = await Promise.all(Array.from({ length: 20 }, press));
    const outcomes = results.map((result) => (result.ok ? result.value.outcome : result.error.code));
    expect(outcomes.filter((outcome) => outcome === 'claimed')).toHaveLength(1);
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.redeemed', 'license.issued']);
    expect(codeOf(await press())).toBeUndefined();
  });

  test('unknown, foreign and deleted keys are one answer', async () => {
    const { services, issue, product } = await open();
    const foreign = await issue({ ownerId: bob });
    const deleted = await issue();
    valueOf(await services.licenses.delete({ ...by(), licenseId: deleted.license.id }));
    const gone = await issue();
    const answers = [
      await services.buyers.redeem({ userId: alice, key: foreign.key, guildId: 'g1' }),
      await services.buyers.redeem({ userId: alice, key: deleted.key, guildId: null }),
      await services.buyers.redeem({ userId: alice, key: 'nothing', guildId: null }),
      await services.buyers.redeem({ userId: alice, key: '', guildId: 'g1' }),
    ];
    valueOf(await services.products.delete({ ...by(), productId: product.id, name: 'Vault' }));
    answers.push(await services.buyers.redeem({ userId: alice, key: gone.key, guildId: 'g1' }));
    for (const answer of answers) expect(answer).toEqual({ ok: false, error: { code: 'wrong-key' } });
  });

  test('a suspended or expired license stays unclaimed, and its key does not count as wrong', async () => {
    const { services, storage, issue, clock } = await open();
    const suspended = await issue();
    valueOf(await services.licenses.suspend({ ...by(), licenseId: suspended.license.id }));
    const expired = await issue({ expires: '1d' });
    clock.advance(86_400_000);
    for (const [{ key, license }, state] of [
      [suspended, 'suspended'],
      [expired, 'expired'],
    ] as const) {
      const redeem = () => services.buyers.redeem({ userId: alice, key, guildId: 'g1' });
      for (let count = 0; count < 6; count++) {
        expect(await redeem()).toEqual({ ok: false, error: { code: 'not-redeemable', state } });
      }
      expect(await storage.license('g1', { id: license.id })).toMatchObject({ ownerId: null });
    }
  });

  test('who is blacklisted cannot, whatever the key', async () => {
    const { services, storage, issue } = await open();
    const { key, license } = await issue();
    valueOf(await services.blacklist.add({ ...by(), type: 'user', value: alice }));
    expect(codeOf(await services.buyers.redeem({ userId: alice, key, guildId: 'g1' }))).toBe('user-blacklisted');
    expect(await storage.license('g1', { id: license.id })).toMatchObject({ ownerId: null });
  });
});

describe('wrong keys', () => {
  test('five within 10 minutes and that person waits, also with the right key', async () => {
    const { services, issue, clock } = await open();
    const { key } = await issue();
    const start = clock.now().getTime();
    const redeem = (userId: string, text: string) => services.buyers.redeem({ userId, key: text, guildId: 'g1' });
    for (let count = 0; count < 5; count++) {
      expect(codeOf(await redeem(alice, `wrong ${count}`))).toBe('wrong-key');
      clock.advance(minuteMs);
    }
    const wait = { ok: false, error: { code: 'redeem-wait', until: new Date(start + 10 * minuteMs) } };
    expect(await redeem(alice, key)).toEqual(wait);
    expect(codeOf(await redeem(bob, 'wrong'))).toBe('wrong-key');
    clock.advance(5 * minuteMs - 1);
    expect(await redeem(alice, key)).toEqual(wait);
    clock.advance(1);
    expect(codeOf(await redeem(alice, key))).toBeUndefined();
  });

  test.each([2 * 60, 200 * 24 * 60])(
    'after the clock was %i minutes ahead nobody waits for what they typed then',
    async (minutes) => {
      const { services, issue, clock } = await open();
      const { key } = await issue();
      const redeem = (text: string) => services.buyers.redeem({ userId: alice, key: text, guildId: 'g1' });
      clock.advance(minutes * minuteMs);
      for (let count = 0; count < 5; count++) await redeem(`wrong ${count}`);
      expect(codeOf(await redeem(key))).toBe('redeem-wait');
      clock.advance(-minutes * minuteMs);
      expect(codeOf(await redeem(key))).toBeUndefined();
    },
  );

  test('many at once are counted too', async () => {
    const { services } = await open();
    const redeem = (count: number) => services.buyers.redeem({ userId: alice, key: `wrong ${count}`, guildId: 'g1' });
    const codes = (await Promise.all(Array.from({ length: 20 }, (_, count) => redeem(count)))).map(codeOf);
    expect(codes.filter((code) => code === 'wrong-key')).toHaveLength(5);
    expect(codes.filter((code) => code === 'redeem-wait')).toHaveLength(15);
  });

  test('right keys do not count', async () => {
    const { services, issue } = await open();
    for (let count = 0; count < 10; count++) {
      const { key } = await issue();
      expect(codeOf(await services.buyers.redeem({ userId: alice, key, guildId: 'g1' }))).toBeUndefined();
    }
  });
});

describe('a key in a direct message', () => {
  test('of two servers asks which, and does not count as wrong', async () => {
    const { services, storage, issue, addGuild } = await open();
    await addGuild('g2');
    await issue({ key: 'SAME KEY' });
    const other = await issue({ ...by('g2'), key: 'SAME KEY' });
    const input = { userId: alice, key: 'same key', guildId: null };
    for (let count = 0; count < 6; count++) {
      expect(await services.buyers.redeem(input)).toMatchObject({
        error: {
          code: 'choose-guild',
          guilds: [
            { id: 'g1', name: 'Guild g1' },
            { id: 'g2', name: 'Guild g2' },
          ],
        },
      });
    }
    expect(valueOf(await services.buyers.redeem({ ...input, guildId: 'g2' })).license.id).toBe(other.license.id);
    expect(await storage.license('g1', { key: 'SAME KEY' })).toMatchObject({ ownerId: null });
  });

  test("of another owner's license in one server does not reveal that server", async () => {
    const { services, issue, addGuild } = await open();
    await addGuild('g2');
    await issue({ key: 'SAME KEY', ownerId: carol });
    await issue({ ...by('g2'), key: 'SAME KEY' });
    const redeemed = await services.buyers.redeem({ userId: alice, key: 'SAME KEY', guildId: null });
    expect(valueOf(redeemed)).toMatchObject({ outcome: 'claimed', guildName: 'Guild g2' });
  });

  test('in a server where it is no license is wrong, also if it is one elsewhere', async () => {
    const { services, issue, addGuild } = await open();
    await addGuild('g2');
    const { key } = await issue();
    expect(codeOf(await services.buyers.redeem({ userId: alice, key, guildId: 'g2' }))).toBe('wrong-key');
    expect(codeOf(await services.buyers.redeem({ userId: alice, key, guildId: 'g9' }))).toBe('wrong-key');
  });
});
