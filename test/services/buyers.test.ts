import { describe, expect, test } from '@jest/globals';
import { alice, bob, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const firstTen = { number: 0, size: 10 };

describe("a buyer's licenses", () => {
  test('are those of all guilds, the given one first, without what staff noted', async () => {
    const { services, issue, addGuild } = await open();
    await addGuild('g2');
    const here = await issue({ ownerId: alice, note: 'difficult customer' });
    const there = await issue({ ...by('g2'), ownerId: alice });
    await issue({ ownerId: bob });
    const order = async (guildId: string | null) =>
      (await services.buyers.licenses(alice, guildId, firstTen)).cards.map(({ license }) => license.id);
    expect(await order('g1')).toEqual([here.license.id, there.license.id]);
    expect(await order('g2')).toEqual([there.license.id, here.license.id]);
    const { cards } = await services.buyers.licenses(alice, 'g1', firstTen);
    expect(cards[0]).toMatchObject({ guildName: 'Guild g1', license: { note: null } });
  });

  test('come page by page, and only those of the page are looked at', async () => {
    const { services, storage, issue, addGuild } = await open();
    await addGuild('g2');
    const there = await issue({ ...by('g2'), ownerId: alice });
    const here: number[] = [];
    for (let made = 0; made < 7; made += 1) here.unshift((await issue({ ownerId: alice })).license.id);
    const read: number[] = [];
    const { bindings } = storage;
    storage.bindings = (guildId, id, limit) => {
      read.push(id);
      return bindings(guildId, id, limit);
    };
    const pageOf = async (number: number) => {
      const { cards, ...numbers } = await services.buyers.licenses(alice, 'g1', { number, size: 3 });
      expect(read.splice(0)).toEqual(cards.map(({ license }) => license.id));
      return { ids: cards.map(({ license }) => license.id), ...numbers };
    };
    expect(await pageOf(0)).toEqual({ ids: here.slice(0, 3), total: 8, page: 0, last: 2 });
    const lastPage = { ids: [...here.slice(6), there.license.id], total: 8, page: 2, last: 2 };
    expect(await pageOf(2)).toEqual(lastPage);
    expect(await pageOf(9)).toEqual(lastPage);
    storage.bindings = bindings;
  });

  test('do not include deleted licenses, nor those of a deleted product', async () => {
    const { services, issue, product } = await open();
    const { license } = await issue({ ownerId: alice });
    const panel = valueOf(await services.products.create({ ...by(), name: 'Panel' })).product;
    await issue({ ownerId: alice, product: 'Panel' });
    valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
    valueOf(await services.products.delete({ ...by(), productId: panel.id, name: 'Panel' }));
    expect(await services.buyers.licenses(alice, null, firstTen)).toEqual({ cards: [], total: 0, page: 0, last: 0 });
    expect(product.name).toBe('Vault');
  });

  test('show key and checks to their owner, without an audit event', async () => {
    const { services, issue, check, auditActions } = await open();
    const { key, license } = await issue({ ownerId: alice });
    await check({ key });
    const own = { userId: alice, licenseId: license.id };
    expect(valueOf(await services.buyers.showKey(own)).key).toBe(key);
    expect(valueOf(await services.buyers.checks(own, 10))).toMatchObject([{ result: 'granted' }]);
    expect(valueOf(await services.buyers.license(own)).lastGrant).not.toBeNull();
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.issued']);
  });
});

describe('a license of another owner', () => {
  test('answers as one that is not there, whatever is asked', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ ownerId: bob });
    const deleted = await issue({ ownerId: alice });
    valueOf(await services.licenses.delete({ ...by(), licenseId: deleted.license.id }));
    for (const licenseId of [license.id, deleted.license.id, 4711]) {
      const own = { userId: alice, licenseId };
      const answers = [
        await services.buyers.license(own),
        await services.buyers.showKey(own),
        await services.buyers.checks(own, 10),
        await services.buyers.reset({ ...own, what: 'all' }),
        await services.buyers.switch({ ...own, on: false }),
      ];
      for (const answer of answers) expect(answer).toEqual({ ok: false, error: { code: 'license-not-found' } });
    }
  });

  test('that was theirs when they asked is not changed', async () => {
    const { services, storage, issue, check } = await open();
    const { key, license } = await issue({ ownerId: alice });
    await check({ key });
    const own = { userId: alice, licenseId: license.id };
    // both have read that it is theirs when the reassignment comes
    const [reset, switched] = await Promise.all([
      services.buyers.reset({ ...own, what: 'all' }),
      services.buyers.switch({ ...own, on: false }),
      services.licenses.reassign({ ...by(), licenseId: license.id, ownerId: bob, keepMachines: true }),
    ]);
    expect([codeOf(reset), codeOf(switched)]).toEqual(['license-not-found', 'license-not-found']);
    expect(await storage.license('g1', { id: license.id })).toMatchObject({ ownerId: bob, switchedOff: false });
    expect(await storage.bindings('g1', license.id, 10)).toMatchObject({ counts: { ip: 1 } });
  });
});

describe("the owner's switch", () => {
  test('is not moved to off while the license is suspended, so that nothing promises that moving it back helps', async () => {
    const { services, storage, issue } = await open();
    const { license } = await issue({ ownerId: alice });
    const own = { userId: alice, licenseId: license.id };
    valueOf(await services.buyers.switch({ ...own, on: false }));
    valueOf(await services.licenses.suspend({ ...by(), licenseId: license.id }));
    valueOf(await services.buyers.switch({ ...own, on: true }));
    expect(codeOf(await services.buyers.switch({ ...own, on: false }))).toBe('pause-suspended');
    expect(await storage.license('g1', { id: license.id })).toMatchObject({ switchedOff: false });
  });

  test('pauses and resumes the license', async () => {
    const { services, storage, issue, check } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const own = { userId: alice, licenseId: license.id };
    valueOf(await services.buyers.switch({ ...own, on: false }));
    expect(await check({ key })).toMatchObject({ denial: 'switched-off' });
    expect(codeOf(await services.buyers.switch({ ...own, on: false }))).toBe('already-switched');
    valueOf(await services.buyers.switch({ ...own, on: true }));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.switched-on', actor: { type: 'user', id: alice } });
  });

  test('of 20 presses at once exactly one takes effect', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ ownerId: alice });
    const press = () => services.buyers.switch({ userId: alice, licenseId: license.id, on: false });
    const results = await Promise.all(Array.from({ length: 20 }, press));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  });
});

describe("the owner's reset", () => {
  async function bound(hwids: readonly string[]) {
    const world = await open();
    const { key, license } = await world.issue({ ownerId: alice, limits: { hwid: '3' } });
    const use = async (hwid: string) => world.check({ key, hwid });
    for (const hwid of hwids) await use(hwid);
    const reset = (what: Parameters<typeof world.services.buyers.reset>[0]['what'] = 'all') =>
      world.services.buyers.reset({ userId: alice, licenseId: license.id, what });
    return { ...world, license, use, reset };
  }

  test('releases bindings, is recorded with the owner as actor, and sends the owner no message', async () => {
    const { storage, license, reset } = await bound(['one', 'two']);
    expect(valueOf(await reset())).toMatchObject({ released: { ip: 1, hwid: 2, mac: 0 }, effectIds: [] });
    expect(await storage.bindings('g1', license.id, 10)).toMatchObject({ bindings: [] });
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.reset', actor: { type: 'user', id: alice } });
  });

  test('is possible once a day and four times in 30 days, and says when it is again', async () => {
    const { clock, use, reset } = await bound([]);
    const start = clock.now().getTime();
    for (let day = 0; day < 4; day++) {
      await use('one');
      expect(codeOf(await reset())).toBeUndefined();
      await use('one');
      const until = new Date(start + (day < 3 ? day + 1 : 30) * dayMs);
      expect(await reset()).toEqual({ ok: false, error: { code: 'reset-wait', until } });
      clock.advance(dayMs);
    }
    expect(codeOf(await reset())).toBe('reset-wait');
    clock.advance(26 * dayMs - 1);
    await use('one');
    expect(codeOf(await reset())).toBe('reset-wait');
    clock.advance(1);
    expect(codeOf(await reset())).toBeUndefined();
  });

  test('of a machine unseen for 7 days is free', async () => {
    const { services, license, clock, use, reset } = await bound(['one', 'two']);
    clock.advance(7 * dayMs);
    await use('two');
    expect(codeOf(await reset({ kind: 'hwid', value: 'one' }))).toBeUndefined();
    expect(valueOf(await services.licenses.view('g1', license.id)).license.ownerResets).toEqual([]);
    expect(codeOf(await reset('hwid'))).toBeUndefined();
    expect(valueOf(await services.licenses.view('g1', license.id)).license.ownerResets).toEqual([clock.now()]);
  });

  test('of a missing binding fails and does not count as a reset', async () => {
    const { reset } = await bound(['one']);
    expect(codeOf(await reset('mac'))).toBe('binding-not-found');
    expect(codeOf(await reset({ kind: 'hwid', value: 'nine' }))).toBe('binding-not-found');
    expect(codeOf(await reset())).toBeUndefined();
  });

  test('can be switched off by the guild', async () => {
    const { services, reset } = await bound(['one']);
    valueOf(await services.settings.patch({ ...by(), patch: { 'reset.perDay': 0 } }));
    expect(codeOf(await reset())).toBe('reset-off');
  });

  test('of 20 at once exactly one takes effect', async () => {
    const { services, license, reset } = await bound(['one']);
    const results = await Promise.all(Array.from({ length: 20 }, () => reset()));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(valueOf(await services.licenses.view('g1', license.id)).license.ownerResets).toHaveLength(1);
  });

  test('a staff reset clears the cooldown', async () => {
    const { services, license, use, reset } = await bound(['one']);
    valueOf(await reset());
    await use('one');
    expect(codeOf(await reset())).toBe('reset-wait');
    valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what: 'hwid' }));
    await use('one');
    expect(codeOf(await reset())).toBeUndefined();
  });
});
