import { beforeEach, describe, expect, test } from '@jest/globals';
import { DiscordAPIError } from 'discord.js';
import type { Attempt } from '../../src/domain/attempt.ts';
import { createLogShipper, type LogShipper, type LogShipperParts } from '../../src/discord/log/log-shipper.ts';
import { leaseName } from '../../src/discord/gateway/leadership.ts';
import type { PlainMessage } from '../../src/discord/framework/message.ts';
import { createLogChannelService } from '../../src/services/log-channels.ts';
import { createRecordsService } from '../../src/services/records.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { anAttempt } from '../support/license-card.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';
import { createRecordingLog, type RecordingLog } from '../support/recording-log.ts';
import { newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

const guildId = 'g1';
const [valid, failed, admin, alerts] = ['1', '2', '3', '4'].map((digit) => `100000000000000000${digit}`) as [
  string,
  string,
  string,
  string,
];

const refusals = {
  deleted: refusal(10_003, 404, 'Unknown Channel'),
  closed: refusal(50_013, 403, 'Missing Permissions'),
  other: refusal(50_008, 400, 'Cannot send messages in a non-text channel'),
};

function refusal(code: number, status: number, message: string): DiscordAPIError {
  return new DiscordAPIError({ code, message }, code, status, 'POST', '/', { body: undefined, files: undefined });
}

describe('a log channel that takes no posts', () => {
  let clock: TestClock;
  let storage: Storage;
  let log: RecordingLog;
  let parts: LogShipperParts;
  let shipper: LogShipper;
  let attempts: Attempt[];
  let out: Map<string, DiscordAPIError>;
  let tried: string[];
  let posted: { readonly channel: string; readonly message: PlainMessage }[];

  beforeEach(async () => {
    clock = createTestClock();
    storage = openMemoryStorage(clock.now);
    [attempts, posted, tried] = [[], [], []];
    out = new Map();
    log = createRecordingLog();
    await storage.addGuild(newGuild(guildId), noTrail);
    await choose({ valid, failed, admin, alerts });
    parts = {
      storage: {
        ...storage,
        attemptsAfter: (id, limit) => Promise.resolve(attempts.filter((one) => one.id > id).slice(0, limit)),
      },
      services: {
        alerts: { watch: () => Promise.resolve() },
        records: createRecordsService({ storage }),
        logChannels: createLogChannelService({ storage }),
      },
      log,
      clock: clock.now,
      sign: () => 'signature-of-16-',
      fence: () => 1,
      api: {
        send: (channel, message) => {
          tried.push(channel);
          const error = out.get(channel);
          if (error) return Promise.reject(error);
          posted.push({ channel, message });
          return Promise.resolve();
        },
        openDm: (userId) => Promise.resolve(`dm-${userId}`),
        guildOwner: () => Promise.resolve('99'),
      },
    };
    await storage.acquireLease(leaseName, 'this process', 15_000);
    shipper = createLogShipper(parts);
    await shipper.tick();
  });

  async function choose(channels: Readonly<Record<'valid' | 'failed' | 'admin' | 'alerts', string | null>>) {
    const own = Object.fromEntries(Object.entries(channels).map(([name, id]) => [`channels.${name}`, id]));
    const change = { trail: noTrail, result: {} };
    await storage.changeSettings(guildId, (current) => ({ ...change, next: { ...current, ...own } }));
  }
  function refuseChecks(count: number): void {
    for (let index = 0; index < count; index += 1) {
      attempts.push(anAttempt({ id: attempts.length + 1, guildId, at: clock.now(), result: 'expired' }));
    }
  }
  const textsIn = (channel: string) =>
    posted
      .filter((one) => one.channel === channel)
      .map(({ message }) => JSON.stringify([message.content, message.embeds]));
  const missed = () => createLogChannelService({ storage }).missed(guildId);

  test('counts what it missed, over a restart, and reports it with its first post', async () => {
    out.set(failed, refusals.deleted);
    refuseChecks(2);
    await shipper.tick();
    clock.advance(90_000);
    refuseChecks(3);
    shipper = createLogShipper(parts);
    await shipper.tick();
    expect((await missed()).channels.failed).toMatchObject({
      channelId: failed,
      lines: 5,
      problem: { code: 'deleted' },
    });

    out.clear();
    clock.advance(60_000);
    refuseChecks(1);
    await shipper.tick();
    const [text] = textsIn(failed);
    expect(text).toContain('1 refused check');
    expect(text).toContain('I could not post 5 lines here between <t:1772366400:f> and <t:1772366490:f>.');
    expect(await missed()).toEqual({ channels: {}, ownerNotified: false });
    expect(log.lines).toContain('info A log channel takes posts again');
    refuseChecks(1);
    await shipper.tick();
    expect(textsIn(failed)[1]).not.toContain('could not post');
  });

  test('reports it within a minute after it works again, also where nothing happens', async () => {
    out.set(failed, refusals.closed);
    refuseChecks(1);
    await shipper.tick();
    out.clear();
    await shipper.tick();
    expect(textsIn(failed)).toEqual([]);
    clock.advance(60_000);
    await shipper.tick();
    await shipper.tick();
    expect(textsIn(failed)).toEqual([expect.stringContaining('I could not post 1 line here')]);
  });

  test('is tried once a minute, and at once where another channel was chosen', async () => {
    out.set(failed, refusals.closed);
    for (let index = 0; index < 10; index += 1) {
      refuseChecks(1);
      await shipper.tick();
      clock.advance(3000);
    }
    expect(tried.filter((channel) => channel === failed)).toHaveLength(1);
    // A clock that is set back does not keep it waiting.
    clock.advance(-7_200_000);
    await shipper.tick();
    expect(tried.filter((channel) => channel === failed)).toHaveLength(2);
    await choose({ valid, failed: admin, admin, alerts });
    await shipper.tick();
    expect(textsIn(admin)).toEqual([expect.stringContaining('I could not post 10 lines here')]);
  });

  test('is reported in the alerts channel and the log, once an hour', async () => {
    out.set(failed, refusals.other);
    refuseChecks(2);
    await shipper.tick();
    await shipper.tick();
    clock.advance(60_000);
    await shipper.tick();
    await shipper.tick();
    expect(textsIn(alerts)).toHaveLength(1);
    expect(textsIn(alerts)[0]).toContain(`<#${failed}>`);
    expect(textsIn(alerts)[0]).toContain('has missed 2 lines');
    expect(log.lines.filter((line) => line.startsWith('warn The log channel'))).toHaveLength(1);
    clock.advance(3_600_000);
    await shipper.tick();
    await shipper.tick();
    expect(textsIn(alerts)).toHaveLength(2);
  });

  test('keeps no other channel waiting', async () => {
    out.set(failed, refusals.other);
    refuseChecks(1);
    attempts.push(anAttempt({ id: 2, guildId, at: clock.now(), newBindings: ['ip'] }));
    await shipper.tick();
    expect(textsIn(valid)).toHaveLength(1);
    expect((await storage.bundle(guildId))?.settings['channels.failed']).toBe(failed);
  });

  test('is reported in another log channel where no alerts channel works', async () => {
    await choose({ valid, failed, admin, alerts: null });
    out.set(failed, refusals.deleted);
    refuseChecks(1);
    await shipper.tick();
    expect(textsIn(admin)).toEqual([expect.stringContaining(`<#${failed}> (\`channels.failed\`) takes no posts`)]);
    expect(posted.some(({ channel }) => channel.startsWith('dm-'))).toBe(false);
  });

  test('is reported to the owner where no channel works, once until one does', async () => {
    for (const channel of [valid, failed, admin, alerts]) out.set(channel, refusals.closed);
    for (let index = 0; index < 5; index += 1) {
      refuseChecks(1);
      await shipper.tick();
      clock.advance(3_700_000);
    }
    const [dm, ...others] = textsIn('dm-99');
    expect(others).toEqual([]);
    expect(dm).toContain('None of the log channels of **Guild g1** takes posts');
    expect(dm).toContain(`<#${failed}>`);
    expect((await missed()).ownerNotified).toBe(true);

    out.clear();
    clock.advance(60_000);
    await shipper.tick();
    for (const channel of [valid, failed, admin, alerts]) out.set(channel, refusals.closed);
    refuseChecks(1);
    await shipper.tick();
    await shipper.tick();
    expect(textsIn('dm-99')).toHaveLength(2);
  });

  test('an owner with closed DMs holds nothing up, and while Discord is down the DM waits', async () => {
    await choose({ valid: null, failed, admin: null, alerts: null });
    out.set(failed, refusals.closed);
    refuseChecks(1);
    const down = new Error('503');
    const owner = { isUp: false };
    const openDm = () => (owner.isUp ? Promise.reject(refusal(50_007, 403, 'Cannot send')) : Promise.reject(down));
    shipper = createLogShipper({ ...parts, api: { ...parts.api, openDm } });
    await expect(shipper.tick()).rejects.toBe(down);
    await expect(shipper.tick()).rejects.toBe(down);
    owner.isUp = true;
    await shipper.tick();
    expect(await missed()).toMatchObject({ channels: { failed: { lines: 1 } }, ownerNotified: true });
    expect(tried).toEqual([failed]);
  });
});
