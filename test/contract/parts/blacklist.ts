import { describe, expect, test } from '@jest/globals';
import { ipMatches } from '../../../src/domain/blacklist/blacklist.ts';
import type { NewBlacklistEntry } from '../../../src/storage/port/blacklist.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { deny } from '../../support/grants.ts';
import { look } from '../../support/look.ts';
import { addPopulatedGuild, aRequest, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

function anEntry(own: Partial<NewBlacklistEntry> = {}): NewBlacklistEntry {
  return {
    type: 'hwid',
    value: 'PC',
    match: 'pc',
    key: null,
    reason: null,
    expiresAt: null,
    createdBy: 'user:5',
    ...own,
  };
}

/** The id of the entry that the next check finds. */
const found = (storage: Storage, guildId: string, type: 'hwid' | 'key', match: string) =>
  look(storage, ({ blacklist }, now) => blacklist.find(type, match, now), guildId);

export function describeBlacklist(openStage: OpenStage): void {
  describe('the blacklist', () => {
    async function openWithGuilds() {
      const stage = await openStage();
      const { storage } = stage;
      await addPopulatedGuild(storage, 'g1');
      await addPopulatedGuild(storage, 'g2');
      const add = (own: Partial<NewBlacklistEntry> = {}, guildId = 'g1') =>
        storage.addBlacklistEntry(guildId, anEntry(own), ({ id }) => aTrail('blacklist.added', `blacklist:${id}`));
      return { ...stage, add };
    }

    test('an entry binds the guild that made it and no other', async () => {
      const { storage, clock, add } = await openWithGuilds();
      const { entry, replaced, effectIds } = await add({ reason: 'leak' });
      expect(entry).toEqual({
        id: expect.any(Number),
        guildId: 'g1',
        type: 'hwid',
        value: 'PC',
        match: 'pc',
        reason: 'leak',
        expiresAt: null,
        hits: 0,
        createdAt: clock.now(),
        createdBy: 'user:5',
      });
      expect(replaced).toBeNull();
      expect(effectIds).toHaveLength(1);
      expect(await storage.blacklistEntry('g1', { type: 'hwid', match: 'pc' })).toEqual(entry);
      expect(await storage.blacklistEntry('g2', { type: 'hwid', match: 'pc' })).toBeNull();
      expect(await found(storage, 'g1', 'hwid', 'pc')).toBe(entry.id);
      expect(await found(storage, 'g2', 'hwid', 'pc')).toBeNull();
      expect(await auditOf(storage, 'g1')).toEqual([`blacklist.added blacklist:${entry.id}`]);
    });

    test('an entry for the same thing gets the new reason and end and keeps its hits', async () => {
      const { storage, clock, add } = await openWithGuilds();
      const { entry: first } = await add({ reason: 'old' });
      await deny(storage, {}, {}, first.id);
      await deny(storage, {}, {}, first.id);
      const expiresAt = new Date(clock.now().getTime() + 1_000);
      const { entry, replaced } = await add({ reason: 'new', expiresAt });
      expect(replaced).toEqual({ ...first, hits: 2 });
      expect(entry).toEqual({ ...first, hits: 2, reason: 'new', expiresAt });
      expect(await storage.countBlacklist('g1')).toBe(1);
      expect(await storage.blacklistEntry('g1', { type: 'hwid', match: 'pc' })).toEqual(entry);
    });

    test('a key is kept as its look-up hash and its suffix, and found by the key', async () => {
      const { storage, add } = await openWithGuilds();
      const key = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';
      const { entry } = await add({ type: 'key', match: null, value: '', key });
      expect(entry.value).toBe('…EEEEE');
      expect(entry.match).toMatch(/^[0-9a-f]{64}$/);
      expect(await storage.blacklistEntry('g1', { type: 'key', key })).toEqual(entry);
      expect(await storage.blacklistEntry('g2', { type: 'key', key })).toBeNull();
      expect(await storage.blacklistEntry('g1', { type: 'key', key: 'other' })).toBeNull();
      const { entry: theirs } = await add({ type: 'key', match: null, value: '', key }, 'g2');
      expect(theirs.match).not.toBe(entry.match);
      expect(await found(storage, 'g1', 'key', entry.match)).toBe(entry.id);
    });

    test('the hash of a key entry is the one that checks see', async () => {
      const { storage, add } = await openWithGuilds();
      const { entry } = await add({ type: 'key', match: null, value: '', key: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE' });
      const hashes: unknown[] = [];
      await storage
        .decide(aRequest(), ({ keyHash }) => {
          hashes.push(keyHash());
          throw new Error('read enough');
        })
        .catch(() => undefined);
      expect(hashes).toEqual([entry.match]);
    });

    test('an address is found in every spelling, by the most specific entry in force of its guild alone', async () => {
      const { storage, clock, add } = await openWithGuilds();
      const expiresAt = new Date(clock.now().getTime() + 1_000);
      const matches = ['203.0.113.0/24', '203.0.0.0/16', '2001:db8::/32', 'my server:1'];
      const listed = new Map<string, number>();
      for (const match of matches) listed.set(match, (await add({ type: 'ip', match })).entry.id);
      const { entry: ending } = await add({ type: 'ip', match: '203.0.113.5', expiresAt });
      const { entry: theirs } = await add({ type: 'ip', match: '203.0.113.5' }, 'g2');
      const findIp = async (text: string, guildId = 'g1') => {
        const byCheck = await look(storage, ({ blacklist }, now) => blacklist.findIp([text], now), guildId);
        const stored = await storage.denyingEntries(guildId, 'ip', ipMatches([text]), clock.now());
        const byMatch = new Map(stored.map(({ match, id }) => [match, id]));
        const first = ipMatches([text]).find((match) => byMatch.has(match)) ?? '';
        expect(byMatch.get(first) ?? null).toBe(byCheck);
        return byCheck;
      };
      for (const text of ['203.0.113.5', '203.0.113.5:25565', '::ffff:203.0.113.5', '[::ffff:cb00:7105]:1']) {
        expect([await findIp(text), await findIp(text, 'g2')]).toEqual([ending.id, theirs.id]);
      }
      expect(await findIp('203.0.113.6')).toBe(listed.get('203.0.113.0/24'));
      expect(await findIp('203.0.112.6')).toBe(listed.get('203.0.0.0/16'));
      expect(await findIp('2001:DB8:1::9')).toBe(listed.get('2001:db8::/32'));
      expect(await findIp(' My Server:1')).toBe(listed.get('my server:1'));
      expect([await findIp('203.1.0.1'), await findIp('2001:db9::1'), await findIp('203.0.113.6', 'g2')]).toEqual([
        null,
        null,
        null,
      ]);
      clock.advance(1_000);
      expect(await findIp('203.0.113.5')).toBe(listed.get('203.0.113.0/24'));
    });

    test('removing an entry takes effect once, and only in its guild', async () => {
      const { storage, add } = await openWithGuilds();
      const { entry } = await add();
      expect(await storage.removeBlacklistEntry('g2', entry.id, aTrail())).toBeNull();
      expect(await storage.countBlacklist('g1')).toBe(1);
      expect(await storage.removeBlacklistEntry('g1', entry.id, aTrail('blacklist.removed'))).toEqual(entry);
      expect(await storage.removeBlacklistEntry('g1', entry.id, aTrail('blacklist.removed'))).toBeNull();
      expect(await storage.countBlacklist('g1')).toBe(0);
      expect(await found(storage, 'g1', 'hwid', 'pc')).toBeNull();
      expect(await countTrails(storage)).toEqual({ audit: 2, effects: 2 });
    });

    test('the id of a removed entry never comes to mean another one', async () => {
      const { storage, add } = await openWithGuilds();
      const { entry } = await add();
      await storage.removeBlacklistEntry('g1', entry.id, noTrail);
      expect((await add({ value: 'other', match: 'other' })).entry.id).toBeGreaterThan(entry.id);
    });

    test('of parallel removals of one entry one takes effect', async () => {
      const { storage, add } = await openWithGuilds();
      const { entry } = await add();
      const remove = () => storage.removeBlacklistEntry('g1', entry.id, aTrail('blacklist.removed'));
      const answers = await Promise.all(Array.from({ length: 20 }, remove));
      expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
      expect(await countTrails(storage)).toEqual({ audit: 2, effects: 2 });
    });

    test('entries are listed newest first, by type, page by page', async () => {
      const { storage, add } = await openWithGuilds();
      for (const match of ['a', 'b', 'c']) await add({ match, value: match });
      await add({ type: 'user', match: '9', value: '9' });
      await add({ match: 'theirs', value: 'theirs' }, 'g2');
      const all = await storage.blacklist('g1', {}, { limit: 10, beforeId: null });
      expect(all.map(({ match }) => match)).toEqual(['9', 'c', 'b', 'a']);
      const page = await storage.blacklist('g1', { type: 'hwid' }, { limit: 2, beforeId: null });
      expect(page.map(({ match }) => match)).toEqual(['c', 'b']);
      const next = await storage.blacklist('g1', { type: 'hwid' }, { limit: 2, beforeId: page.at(-1)!.id });
      expect(next.map(({ match }) => match)).toEqual(['a']);
      expect(await storage.countBlacklist('g1')).toBe(4);
    });

    test('entries end at their instant with an audit event each, so many at a time', async () => {
      const { storage, clock, add } = await openWithGuilds();
      const expiresAt = new Date(clock.now().getTime() + 1_000);
      for (const match of ['a', 'b', 'c']) await add({ match, value: match, expiresAt });
      await add({ match: 'theirs', value: 'theirs', expiresAt }, 'g2');
      await add({ match: 'later', value: 'later', expiresAt: new Date(expiresAt.getTime() + 1) });
      await add({ match: 'never', value: 'never' });
      expect(await storage.endBlacklistEntries(new Date(expiresAt.getTime() - 1), 10)).toBe(0);
      expect(await storage.endBlacklistEntries(expiresAt, 3)).toBe(3);
      expect(await storage.endBlacklistEntries(expiresAt, 3)).toBe(1);
      expect(await storage.endBlacklistEntries(expiresAt, 3)).toBe(0);
      const left = await storage.blacklist('g1', {}, { limit: 10, beforeId: null });
      expect(left.map(({ match }) => match)).toEqual(['never', 'later']);
      expect(await storage.countBlacklist('g2')).toBe(0);
      const ended = await storage.audit('g1', { action: 'blacklist.ended' }, { limit: 10, beforeId: null });
      expect(ended.map(({ actor, details }) => [actor, details])).toEqual(
        ['c', 'b', 'a'].map((value) => [{ type: 'system' }, { type: 'hwid', value, hits: 0 }]),
      );
      expect(await storage.audit('g2', { action: 'blacklist.ended' }, { limit: 10, beforeId: null })).toHaveLength(1);
    });
  });
}
