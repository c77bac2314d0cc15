import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Attempt } from '../../src/domain/attempt.ts';
import { createLogShipper, type LogShipper, type LogShipperParts } from '../../src/discord/log/log-shipper.ts';
import type { PlainMessage } from '../../src/discord/framework/message.ts';
import { leaseName } from '../../src/discord/gateway/leadership.ts';
import { logCursorNote } from '../../src/domain/notes.ts';
import type { AttemptCount } from '../../src/storage/port/attempts.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { createLogChannelService } from '../../src/services/log-channels.ts';
import { createRecordsService } from '../../src/services/records.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';
import { addLicense, addProduct, newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { anAttempt } from '../support/license-card.ts';

const guildId = 'g1';
const channels = {
  'channels.valid': '1000000000000000001',
  'channels.failed': '1000000000000000002',
  'channels.admin': '1000000000000000003',
  'channels.alerts': '1000000000000000004',
} as const;

describe('the log shipper', () => {
  let clock: TestClock;
  let storage: Storage;
  let shipper: LogShipper;
  let parts: LogShipperParts;
  let attempts: Attempt[];
  let counts: AttemptCount[];
  let posted: { readonly channel: string; readonly message: PlainMessage; readonly nonce: string | null }[];
  let isLeading: boolean;
  let licenseId: number;
  let watched: number;

  beforeEach(async () => {
    clock = createTestClock();
    storage = openMemoryStorage(clock.now);
    [attempts, counts, posted, isLeading, watched] = [[], [], [], true, 0];
    await storage.addGuild(newGuild(guildId), noTrail);
    await storage.changeSettings(guildId, (current) => ({
      next: { ...current, ...channels },
      trail: noTrail,
      result: {},
    }));
    const product = await addProduct(storage, guildId, { name: '*Vault* @everyone' });
    licenseId = (await addLicense(storage, guildId, product.id, { ownerId: '77' })).id;
    parts = {
      // Attempts as they are stored by checks, which other tests prove.
      storage: {
        ...storage,
        attemptsAfter: (id, limit) => Promise.resolve(attempts.filter((one) => one.id > id).slice(0, limit)),
        attemptCounts: (_id, since) => Promise.resolve(counts.filter(({ minute }) => minute >= since)),
      },
      services: {
        alerts: {
          watch: (seen) => {
            watched += seen.length;
            return Promise.resolve();
          },
        },
        records: createRecordsService({ storage }),
        logChannels: createLogChannelService({ storage }),
      },
      log: createRecordingLog(),
      clock: clock.now,
      sign: () => 'signature-of-16-',
      fence: () => (isLeading ? 1 : null),
      api: {
        send: (channel, message, nonce) => {
          posted.push({ channel, message, nonce });
          return Promise.resolve();
        },
        openDm: (userId) => Promise.resolve(`dm-${userId}`),
        guildOwner: () => Promise.resolve('99'),
      },
    };
    await storage.acquireLease('bot', 'this process', 15_000);
    shipper = createLogShipper(parts);
    await shipper.tick();
    posted.length = 0;
  });

  function attempt(own: Partial<Attempt> = {}): void {
    const id = attempts.length + 1;
    const made = { id, guildId, at: clock.now(), result: 'expired' as const, licenseId, keySuffix: 'X9K2P' };
    attempts.push(anAttempt({ ...made, ...own }));
  }
  const postedTo = (channel: keyof typeof channels) => posted.filter((one) => one.channel === channels[channel]);
  const text = ({ message }: { readonly message: PlainMessage }) => JSON.stringify(message.embeds);

  test('a denial becomes one line, texts of clients are harmless, and no user is pinged', async () => {
    attempt({ hwid: '@everyone `x`\n**bold**', observedIp: '203.0.113.5' });
    await shipper.tick();
    const [post] = postedTo('channels.failed');
    const [embed] = post!.message.embeds;
    expect(embed?.description).toBe(
      '<t:1772366400:T> ⛔ **expired** · \\*Vault\\* @\u200beveryone · `…X9K2P` · <@77> · `203.0.113.5` · ' +
        'HWID `@everyone ˋxˋ **bold**` · tki',
    );
    expect(post!.message.allowedMentions).toEqual({ parse: [], users: [] });
    expect(post!.message.components[0]?.components[0]).toMatchObject({
      options: [{ value: `license:${licenseId}` }, { value: 'ip:203.0.113.5' }],
    });
  });

  test('failures go before successes, and successes only with a new machine', async () => {
    const replaced = [{ kind: 'hwid', value: 'OLD' }] as const;
    attempt({ result: 'granted', newBindings: ['ip', 'hwid'], replaced });
    attempt({ result: 'granted' });
    attempt();
    await shipper.tick();
    expect(posted.map(({ channel }) => channel)).toEqual([channels['channels.failed'], channels['channels.valid']]);
    expect(text(posted[1]!)).toContain('new IP and HWID, replaced HWID `OLD`');
    expect(text(posted[1]!)).toContain('1 granted check"');
  });

  test('quiet attempts are not posted', async () => {
    attempt({ quiet: true });
    await shipper.tick();
    expect(posted).toEqual([]);
  });

  test('under load it is one message with counts, however many there are', async () => {
    for (let index = 0; index < 12_000; index += 1) {
      attempt({ result: index % 3 === 0 ? 'expired' : 'license-unknown', observedIp: `198.51.100.${index % 5}` });
    }
    await shipper.tick();
    expect(posted).toHaveLength(1);
    const [embed] = posted[0]!.message.embeds;
    expect(embed?.title).toBe('12,000 refused checks');
    expect(embed?.fields?.[0]?.value).toBe('unknown key × 8,000\nexpired × 4,000');
    expect(embed?.fields?.[1]?.value).toContain('`198.51.100.0` × 2,400');
    expect(watched).toBe(12_000);
  });

  test('attempts that were only counted are posted when their minute is over, once', async () => {
    const minute = new Date(clock.now());
    counts.push({ guildId, minute, protocol: 'tki', result: 'license-unknown', count: 5000 });
    await shipper.tick();
    expect(posted).toEqual([]);
    clock.advance(66_000);
    await shipper.tick();
    await shipper.tick();
    expect(postedTo('channels.failed').map(({ message }) => message.embeds[0]?.title)).toEqual([
      '5,000 refused checks',
    ]);
  });

  test('counts go on after the clock was ahead, with those of the last minute', async () => {
    clock.advance(200 * 86_400_000);
    await shipper.tick();
    clock.advance(-200 * 86_400_000);
    posted.length = 0;
    const minute = clock.now();
    counts.push({ guildId, minute, protocol: 'tki', result: 'license-unknown', count: 7 });
    clock.advance(65_000);
    await shipper.tick();
    clock.advance(60_000);
    await shipper.tick();
    expect(postedTo('channels.failed').map(({ message }) => message.embeds[0]?.title)).toEqual(['7 refused checks']);
  });

  test('while Discord is down nothing is lost, and what was posted already is not posted twice', async () => {
    attempt();
    attempt({ result: 'granted', newBindings: ['ip'] });
    const down = new Error('503');
    let isUp = false;
    const send: LogShipperParts['api']['send'] = (channel, message, nonce) =>
      channel === channels['channels.valid'] && !isUp ? Promise.reject(down) : parts.api.send(channel, message, nonce);
    shipper = createLogShipper({ ...parts, api: { ...parts.api, send } });
    await expect(shipper.tick()).rejects.toBe(down);
    attempt();
    await expect(shipper.tick()).rejects.toBe(down);
    isUp = true;
    await shipper.tick();
    await shipper.tick();
    expect(posted.map(({ channel }) => channel)).toEqual([
      channels['channels.failed'],
      channels['channels.valid'],
      channels['channels.failed'],
    ]);
    expect(watched).toBe(3);
  });

  test('after a crash the same batch has the same nonce, another batch another one', async () => {
    attempt();
    const crash = createLogShipper({
      ...parts,
      storage: { ...parts.storage, setNote: () => Promise.reject(new Error('killed')) },
    });
    await expect(crash.tick()).rejects.toThrow('killed');
    await createLogShipper(parts).tick();
    attempt();
    await createLogShipper(parts).tick();
    const nonces = posted.map(({ nonce }) => nonce);
    expect(nonces[0]).toBe(nonces[1]);
    expect(nonces[2]).not.toBe(nonces[1]);
    expect(nonces[0]!.length).toBeLessThanOrEqual(25);
  });

  test('what is over a day old is left out, with one audit event for all of it', async () => {
    for (let index = 0; index < 3; index += 1) attempt();
    clock.advance(24 * 3_600_000 + 1);
    attempt({ result: 'suspended' });
    await shipper.tick();
    await shipper.tick();
    expect(text(postedTo('channels.failed')[0]!)).toContain('1 refused check"');
    const events = await storage.audit(guildId, { action: 'effect.dropped' }, { limit: 5, beforeId: null });
    expect(events.map(({ details }) => details)).toEqual([{ what: 'log posts', count: 3 }]);
  });

  test('admin actions are posted with who did them, and a lost key offers to send it again', async () => {
    await storage.recordAudit(guildId, {
      actor: { type: 'user', id: '55' },
      action: 'license.suspended',
      subject: `license:${licenseId}`,
      reason: 'charge_back',
      details: {},
    });
    await storage.recordAudit(guildId, {
      actor: { type: 'system' },
      action: 'effect.failed',
      subject: 'effect:9',
      reason: 'closed',
      details: { what: 'keys', userId: '77', licenseIds: [4] },
    });
    await shipper.tick();
    const [post] = postedTo('channels.admin');
    const { keySuffix } = (await storage.license(guildId, { id: licenseId }))!;
    expect(post!.message.embeds[0]!.description!.split('\n')).toEqual([
      `<t:1772366400:T> <@55> **suspended** license **\\*Vault\\* @\u200beveryone** \`…${keySuffix}\` (#${licenseId}) · “charge\\_back”`,
      '<t:1772366400:T> **the DM to <@77> with keys about 1 license (#4) did not succeed** · their DMs are closed',
    ]);
    expect(post!.message.components[0]?.components[0]).toMatchObject({
      options: [{ value: `license:${licenseId}` }, { value: 'resend:4' }],
    });
  });

  test('too many events are summed up by what was done and who did it', async () => {
    for (const [times, actor] of [
      [20, { type: 'user', id: '55' }],
      [2, { type: 'user', id: '56' }],
      [1, { type: 'cli' }],
    ] as const) {
      const event = { actor, action: 'license.suspended', subject: 'license:12', reason: null, details: {} } as const;
      for (let index = 0; index < times; index += 1) await storage.recordAudit(guildId, event);
    }
    await shipper.tick();
    expect(postedTo('channels.admin')[0]!.message.embeds[0]).toMatchObject({
      title: '23 admin actions',
      description: [
        'license suspended × 20 · <@55>',
        'license suspended × 2 · <@56>',
        'license suspended × 1 · The command line',
      ].join('\n'),
    });
  });

  test('a process that does not lead posts nothing', async () => {
    isLeading = false;
    attempt();
    await shipper.tick();
    expect(posted).toEqual([]);
  });

  test('a process that lost the lead while it posted does not move the cursor of the new one', async () => {
    await storage.acquireLease(leaseName, 'this process', 60_000);
    await shipper.tick();
    const before = await storage.note(logCursorNote);
    await storage.releaseLease(leaseName, 'this process');
    await storage.acquireLease(leaseName, 'the new leader', 60_000);

    attempt();
    await shipper.tick();
    expect(postedTo('channels.failed')).toHaveLength(1);
    expect(await storage.note(logCursorNote)).toBe(before);
  });
});
