import { afterEach } from '@jest/globals';
import { createHash } from 'node:crypto';
import { commandLine, type Actor } from '../../src/domain/actor.ts';
import type { CheckOutcome } from '../../src/domain/decision.ts';
import type { CheckRequest } from '../../src/domain/check-request.ts';
import type { CheckDefinition } from '../../src/domain/check.ts';
import type { CommandError } from '../../src/domain/command-error.ts';
import type { Result } from '../../src/domain/values/result.ts';
import * as rules from '../../src/domain/rules.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { IssueInput } from '../../src/services/licenses/license-service.ts';
import { createServices } from '../../src/services/services.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/open.ts';
import { testMasterKey } from './open-sqlite.ts';
import { aRequest, newGuild, noTrail, secretOf } from './storage-fixtures.ts';
import { createTestClock } from './test-clock.ts';

export const alice = '100000000000000001';
export const bob = '100000000000000002';
export const carol = '100000000000000003';
export const staffMember: Actor = { type: 'user', id: '900000000000000001' };

/** All rules, in the order of a protocol that has IPs, HWIDs and MACs. */
export const definition: CheckDefinition = {
  protocol: 'sunlicense',
  rules: [
    rules.hwidPlaceholder('Missing hwid'),
    rules.ipBlacklisted,
    rules.hwidBlacklisted,
    rules.countryBlacklisted,
    rules.keyBlacklisted,
    rules.licenseUnknown,
    rules.userBlacklisted,
    rules.productMismatch,
    rules.versionMismatch,
    rules.suspended,
    rules.switchedOff,
    rules.expired,
    rules.ipLimit,
    rules.hwidLimit,
    rules.macLimit,
  ],
  findProduct: ({ product }, products) => (product === null ? null : products.byName(product)),
  limitedIp: ({ observedIp }) => observedIp,
};

/** A source of bytes that are the same in every run. */
function createTestBytes(): (size: number) => Buffer {
  let count = 0;
  return (size) => {
    const blocks: Buffer[] = [];
    for (let made = 0; made < size; made += 32) blocks.push(createHash('sha256').update(`bytes ${count++}`).digest());
    return Buffer.concat(blocks).subarray(0, size);
  };
}

/** All services on a store in memory with guild `g1` and product `Vault`. The store is closed after the test. */
export function useServices() {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });

  return async () => {
    const clock = createTestClock();
    const random = createTestBytes();
    const storage = openSqliteStorage({
      dir: null,
      masterKey: testMasterKey,
      clock: clock.now,
      random,
      durability: 'process',
      server: false,
    });
    opened.push(storage);
    const context = { storage, clock: clock.now, randomBytes: random, publicUrl: () => 'http://127.0.0.1:3000' };
    const services = createServices(context);

    async function addGuild(guildId: string) {
      await storage.addGuild(newGuild(guildId), noTrail);
      await services.apiKeys.create({ ...by(guildId), name: 'main', secret: secretOf(guildId) });
      const made = await services.products.create({ ...by(guildId), name: 'Vault' });
      return valueOf(made).product;
    }

    async function issue(own: Partial<IssueInput> = {}) {
      const issued = await services.licenses.issue({ ...by('g1'), product: null, mayManage: true, ...own });
      return valueOf(issued).issued[0]!;
    }

    const check = (own: Partial<CheckRequest>): Promise<CheckOutcome> =>
      services.checkLicense(definition, aRequest(own));

    async function effects(ids: readonly number[]): Promise<readonly Effect[]> {
      return (await storage.effectsById(ids)).map(({ effect }) => effect);
    }

    async function auditActions(subject?: string): Promise<readonly string[]> {
      const events = await storage.audit('g1', subject === undefined ? {} : { subject }, {
        limit: 100,
        beforeId: null,
      });
      return events.map(({ action }) => action);
    }

    const product = await addGuild('g1');
    return { clock, storage, services, product, addGuild, issue, check, effects, auditActions, random };
  };
}

/** The guild, and the command line as the actor. */
export function by(guildId = 'g1') {
  return { guildId, actor: commandLine };
}

export function valueOf<T>(result: Result<T, CommandError>): T {
  if (!result.ok) throw new Error(`command error: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** The code of the command error; undefined: the result is a success. */
export function codeOf(result: Result<unknown, CommandError>): string | undefined {
  return result.ok ? undefined : result.error.code;
}

export function resultOf(outcome: CheckOutcome): string {
  if (outcome.result === 'denied') return outcome.denial;
  return outcome.result === 'unknown-guild' ? outcome.reason : outcome.result;
}
