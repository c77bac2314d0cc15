import { beforeEach, describe, expect, test } from '@jest/globals';
import { DiscordAPIError } from 'discord.js';
import type { Effect } from '../../src/domain/effect.ts';
import type { License } from '../../src/domain/license.ts';
import { openDmPace } from '../../src/discord/effects/dm-pace.ts';
import { type DmQueueParts, stepDmQueue } from '../../src/discord/effects/dm-queue.ts';
import type { PlainMessage } from '../../src/discord/framework/message.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';
import { addLicense, addProduct, newGuild, newLicense, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

const guildId = 'g1';

function discordError(code: number, status: number): DiscordAPIError {
  return new DiscordAPIError({ code, message: 'no' }, code, status, 'POST', '/', { body: undefined, files: undefined });
}

describe('the DM queue', () => {
  let clock: TestClock;
  let storage: Storage;
  let parts: DmQueueParts;
  let sent: { readonly to: string; readonly message: PlainMessage; readonly nonce: string | null }[];
  let failure: Error | null;
  let isMember: boolean;
  let licenseIds: number[];
  let believed: Date | null;

  beforeEach(async () => {
    clock = createTestClock();
    storage = openMemoryStorage(clock.now);
    sent = [];
    failure = null;
    believed = null;
    isMember = true;
    parts = {
      storage,
      clock: clock.now,
      sign: () => 'signature-of-16-',
      services: { clock: { believedNow: () => Promise.resolve(believed ?? clock.now()) } },
      pace: await openDmPace({ storage, clock: clock.now }),
      api: {
        openDm: (userId) => Promise.resolve(userId),
        memberRoles: () => Promise.resolve(isMember ? [] : null),
        send: (to, message, nonce) => {
          sent.push({ to, message, nonce });
          return failure ? Promise.reject(failure) : Promise.resolve();
        },
      },
    };
    await storage.addGuild(newGuild(guildId), noTrail);
    const product = await addProduct(storage, guildId);
    licenseIds = [];
    for (let index = 0; index < 60; index += 1) {
      const own = { key: `${newLicense(1).key}-${index}`, ownerId: ownerOf(index) };
      licenseIds.push((await addLicense(storage, guildId, product.id, own)).id);
    }
  });

  const ownerOf = (index: number) => `${100 + index}`;
  const notice = (index: number): Effect => ({
    kind: 'dm',
    userId: ownerOf(index),
    message: { type: 'extended', licenseId: licenseIds[index]!, reason: null },
  });
  const keys = (index: number): Effect => ({
    kind: 'dm',
    userId: ownerOf(index),
    message: { type: 'keys', why: 'issued', licenseIds: [licenseIds[index]!] },
  });
  const store = (effects: readonly Effect[]) => storage.addEffects(guildId, effects);
  const outcomes = async (ids: readonly number[]) => (await storage.effectsById(ids)).map(({ outcome }) => outcome);
  /** Steps once a second for so long. */
  const run = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await stepDmQueue(parts);
      clock.advance(1000);
    }
  };

  test('one person is written to every two seconds', async () => {
    await store([notice(0), notice(1), notice(2)]);
    await run(2);
    expect(sent.map(({ to }) => to)).toEqual([ownerOf(0)]);
    await run(2);
    expect(sent.map(({ to }) => to)).toEqual([ownerOf(0), ownerOf(1)]);
    await run(2);
    expect(sent).toHaveLength(3);
  });

  test('all notices to one user go into one message', async () => {
    const ids = await store([notice(7), notice(1), notice(7)]);
    await run(1);
    expect(sent.map(({ to }) => to)).toEqual([ownerOf(7)]);
    expect(sent[0]?.message.embeds[0]?.description?.split('\n')).toHaveLength(2);
    expect(await outcomes(ids)).toEqual(['sent', 'waiting for its turn', 'sent']);
  });

  test('keys go before everything that waits', async () => {
    await store(Array.from({ length: 30 }, (_, index) => notice(index)));
    await run(3);
    await store([keys(40)]);
    await run(2);
    expect(sent.at(-1)?.message.content).toBe(`${newLicense(1).key}-40`);
  });

  test('twenty first contacts an hour, keys not counted, and a restart starts no new hour', async () => {
    await store(Array.from({ length: 30 }, (_, index) => notice(index)));
    await run(90);
    expect(sent).toHaveLength(20);
    parts = { ...parts, pace: await openDmPace({ storage, clock: clock.now }) };
    await store([keys(50)]);
    await run(10);
    expect(sent).toHaveLength(22);
    clock.advance(3_600_000 - 100_000);
    await run(30);
    expect(sent).toHaveLength(32);
  });

  test('who has been written to before is no first contact', async () => {
    await store(Array.from({ length: 20 }, (_, index) => notice(index)));
    await run(40);
    await store([notice(3), notice(21)]);
    await run(4);
    expect(sent.slice(20).map(({ to }) => to)).toEqual([ownerOf(3)]);
  });

  test.each([
    ['2 h', 2 * 3_600_000],
    ['200 d', 200 * 86_400_000],
  ])('after the clock was %s ahead neither turns, contacts nor a pause of then hold anything up', async (_, ms) => {
    clock.advance(ms);
    await store(Array.from({ length: 25 }, (__, index) => notice(index)));
    await run(45);
    await parts.pace.pause();
    clock.advance(-ms);
    expect(sent).toHaveLength(20);
    await store(Array.from({ length: 20 }, (__, index) => notice(25 + index)));
    await run(45);
    expect(sent).toHaveLength(40);
  });

  test('a claim of a clock that was ahead is not repeated but reported, since nobody knows how old it is', async () => {
    clock.advance(200 * 86_400_000);
    const [id] = await store([notice(0)]);
    await storage.claimEffects('dm', 1, 1000);
    clock.advance(-200 * 86_400_000);
    await run(1);
    expect(sent).toEqual([]);
    expect(await outcomes([id!])).toEqual(['I was stopped while sending this, so it may not have arrived']);
  });

  test('closed DMs end the effect, and for a key the audit has it', async () => {
    failure = discordError(50_007, 403);
    const ids = await store([keys(0)]);
    await run(1);
    expect(await outcomes(ids)).toEqual(['closed']);
    const [event] = await storage.audit(guildId, { action: 'effect.failed' }, { limit: 1, beforeId: null });
    expect(event?.details).toEqual({ what: 'keys', userId: ownerOf(0), licenseIds: [licenseIds[0]] });
  });

  test.each([50_278, 10_007, 10_013])(
    'somebody who is not in the server (%d) is not somebody with closed DMs',
    async (code) => {
      [failure, isMember] = [discordError(code, 403), false];
      const ids = await store([keys(0), notice(1)]);
      await run(3);
      expect(await storage.effectsById(ids)).toMatchObject([
        { status: 'waiting' },
        { status: 'done', outcome: 'not in the server' },
      ]);
      // Far longer than other DMs are kept for.
      clock.advance(40 * 24 * 3_600_000);
      [failure, isMember] = [null, true];
      sent = [];
      await run(3);
      expect(sent).toEqual([]);
      await storage.requeueWaiting(guildId, ownerOf(0));
      await run(3);
      expect(sent.map(({ to }) => to)).toEqual([ownerOf(0), ownerOf(0)]);
      expect(sent[1]?.message.content).toBe(`${newLicense(1).key}-0`);
    },
  );

  test('who joined just before is tried again, and counts as closed if Discord never lets a DM through', async () => {
    failure = discordError(50_278, 403);
    const ids = await store([keys(0)]);
    await run(4);
    expect(await storage.effectsById(ids)).toMatchObject([{ status: 'pending' }]);
    await run(60);
    expect(await outcomes(ids)).toEqual(['closed']);
  });

  test('an id that no user has is no reason to wait', async () => {
    failure = discordError(50_033, 400);
    const ids = await store([keys(0)]);
    await run(1);
    expect(await storage.effectsById(ids)).toMatchObject([
      { status: 'failed', outcome: 'There is no Discord user with this id' },
    ]);
  });

  test('a key that was asked for again while it waited is sent once', async () => {
    const ids = await store([keys(0), keys(0)]);
    await run(3);
    expect(sent).toHaveLength(2);
    expect(await outcomes(ids)).toEqual(['sent', 'sent']);
  });

  test('opening DMs too fast pauses everything for an hour, with an alert', async () => {
    failure = discordError(40_003, 400);
    await store([notice(0), keys(1)]);
    await run(1);
    expect(sent).toHaveLength(1);
    expect((await storage.alertsAfter(0, 10)).map(({ kind }) => kind)).toEqual(['dm-paused']);
    failure = null;
    await run(60);
    expect(sent).toHaveLength(1);
    clock.advance(3_600_000);
    await run(5);
    expect(sent.slice(1).map(({ to }) => to)).toEqual([ownerOf(1), ownerOf(1), ownerOf(0)]);
  });

  test('what a dead process may have sent is repeated within a minute under the same nonces', async () => {
    await store([keys(0)]);
    failure = null;
    await run(1);
    const first = sent.splice(0).map(({ nonce }) => nonce);
    const [claimed] = await store([keys(0)]);
    // The process that claims it dies.
    await storage.claimEffects('dm', 100, 45_000);
    clock.advance(46_000);
    await run(1);
    expect(sent.map(({ nonce }) => nonce)).toEqual([`dm-${claimed}-0`, `dm-${claimed}-1`]);
    expect(first).toEqual([`dm-${claimed! - 1}-0`, `dm-${claimed! - 1}-1`]);
  });

  test('later than that it is not repeated but reported', async () => {
    const ids = await store([keys(0)]);
    await storage.claimEffects('dm', 100, 45_000);
    clock.advance(61_000);
    await run(1);
    expect(sent).toEqual([]);
    const [effect] = await storage.effectsById(ids);
    expect(effect?.status).toBe('failed');
    const [event] = await storage.audit(guildId, { action: 'effect.failed' }, { limit: 1, beforeId: null });
    expect(event?.details).toMatchObject({ what: 'keys', licenseIds: [licenseIds[0]] });
  });

  test('what is over a day old is dropped with an audit event', async () => {
    await store([notice(0)]);
    clock.advance(24 * 3_600_000 + 1);
    await run(1);
    expect(sent).toEqual([]);
    expect(await storage.audit(guildId, { action: 'effect.dropped' }, { limit: 5, beforeId: null })).toHaveLength(1);
  });

  test('nothing is dropped as old by a clock that cannot be believed', async () => {
    await store([notice(0)]);
    believed = clock.now();
    clock.advance(200 * 86_400_000);
    await run(1);
    expect(sent.map(({ to }) => to)).toEqual([ownerOf(0)]);
  });

  test('no notice is sent about a license that was reassigned since, nor about the loss of one that came back', async () => {
    await storage.addEffects(guildId, [
      { kind: 'dm', userId: ownerOf(0), message: { type: 'extended', licenseId: licenseIds[1]!, reason: null } },
      { kind: 'dm', userId: ownerOf(0), message: { type: 'taken-away', licenseId: licenseIds[0]!, reason: null } },
    ]);
    await stepDmQueue(parts);
    expect(sent).toEqual([]);
    await storage.addEffects(guildId, [
      { kind: 'dm', userId: ownerOf(0), message: { type: 'taken-away', licenseId: licenseIds[1]!, reason: null } },
    ]);
    await stepDmQueue(parts);
    expect(JSON.stringify(sent[0]?.message.embeds)).toContain('is no longer yours');
  });

  const told = () => sent.map(({ message }) => message.embeds[0]?.description ?? '').join('\n');
  const tell = (...types: ('suspended' | 'resumed' | 'reset' | 'reset-undone' | 'deleted' | 'expired')[]) =>
    store(
      types.map((type) => ({
        kind: 'dm',
        userId: ownerOf(0),
        message: { type, licenseId: licenseIds[0]!, reason: null },
      })),
    );
  const change = (next: Partial<License>) =>
    storage.changeLicense(guildId, { id: licenseIds[0]! }, (license) => ({
      next: { ...license, ...next },
      trail: noTrail,
      result: {},
    }));

  test('what was undone before its owner heard of it is not told, nor its undo', async () => {
    await tell('suspended', 'resumed', 'reset', 'reset-undone');
    await run(3);
    expect(sent).toEqual([]);
  });

  test('who was told of a suspension is told of its end', async () => {
    await change({ holds: [{ kind: 'staff', at: clock.now(), reason: null }] });
    await tell('suspended');
    await run(3);
    await change({ holds: [] });
    await tell('resumed');
    await run(3);
    expect(told()).toMatch(/was suspended[^]*works again/);
  });

  test('what is no longer so when the DM is written is not told', async () => {
    await tell('suspended', 'deleted', 'expired');
    await run(3);
    expect(sent).toEqual([]);
    await change({ holds: [{ kind: 'staff', at: clock.now(), reason: null }], expiresAt: clock.now() });
    await tell('resumed', 'expired');
    await run(3);
    expect(told()).toContain('has expired');
    expect(told()).not.toContain('works again');
  });

  test('a key whose license has another owner by now is not sent', async () => {
    await store([{ ...keys(0), userId: ownerOf(1) }]);
    await run(1);
    expect(sent).toEqual([]);
  });
});
