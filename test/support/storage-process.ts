import { randomBytes } from 'node:crypto';
import { createTki } from '../../src/http/protocols/tki/index.ts';
import type { CheckOutcome } from '../../src/domain/decision.ts';
import { createCheckLicense } from '../../src/services/check-license.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { takeServerLock } from '../../src/storage/sqlite/database/server-lock.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { grantRule, slotRule } from './check-rules.ts';
import { aRequest } from './storage-fixtures.ts';

// Another process on the same store: node storage-process.ts <connection as JSON> <command> <arguments>

const [connectionText = '{}', command = '', ...args] = process.argv.slice(2);
const connection = JSON.parse(connectionText) as {
  /** The folder of the embedded store; for MongoDB, `uri` is given instead. */
  readonly dir?: string;
  readonly uri?: string;
  readonly masterKey: string;
};

/** Prints how many were granted, refused, and left undecided because the store did not answer in time. */
function printTally(outcomes: readonly CheckOutcome[]): void {
  const granted = outcomes.filter(({ result }) => result === 'granted').length;
  const undecided = outcomes.filter(
    (outcome) => outcome.result === 'denied' && outcome.denial === 'store-unavailable',
  ).length;
  process.stdout.write(JSON.stringify({ granted, undecided, refused: outcomes.length - granted - undecided }));
}

const commands: Readonly<Record<string, (storage: Storage) => Promise<void>>> = {
  /** Arguments: name, count, limit. Makes `count` first uses at the same time. */
  'use-slots': async (storage) => {
    const [name = '', count, limit] = args;
    const uses = Array.from({ length: Number(count) }, (_, i) =>
      storage.decide(aRequest(), slotRule(`${name}-${i}`, Number(limit))),
    );
    printTally(await Promise.all(uses));
  },
  /**
   * Arguments: secret, key, count, name. Makes `count` first uses at the same time by the rules of TKI, each from another
   * machine and IP.
   */
  'check-tki': async (storage) => {
    const [secret = '', key = '', count, name = ''] = args;
    const check = createCheckLicense({ storage });
    const { definition } = createTki().routes[0]!;
    const uses = Array.from({ length: Number(count) }, (_, i) => {
      const machine = { hwid: `${name}-${i}`, declaredIp: `${name}-${i}` };
      const guildReference = { by: 'api-key', secret } as const;
      return check(definition, aRequest({ guildReference, key, product: 'Plugin', version: '1.0.0', ...machine }));
    });
    printTally(await Promise.all(uses));
  },
  /** Checks in groups of 20 until it is killed. Prints a line with the HWID of each check once it is answered. */
  'answer-for-ever': async (storage) => {
    for (let i = 0; ; i += 1) {
      const uses = Array.from({ length: 20 }, async (_, j) => {
        const hwid = `PC-${i * 20 + j}`;
        const { result } = await storage.decide(aRequest({ hwid }), (snapshot) => {
          const decision = grantRule(snapshot);
          return { ...decision, attempt: { ...decision.attempt, hwid } };
        });
        process.stdout.write(`${result} ${hwid}\n`);
      });
      await Promise.all(uses);
    }
  },
};

/** Commands on the folder of the embedded store that do not open the store. */
const folderCommands: Readonly<Record<string, (dir: string) => void>> = {
  /** Prints `taken`, or the error. */
  'take-server-lock': (dir) => {
    try {
      takeServerLock(dir).release();
      process.stdout.write('taken');
    } catch (error) {
      process.stdout.write((error as Error).message);
    }
  },
  /** Prints `held` when it has the lock, and holds it until it is killed. */
  'hold-server-lock': (dir) => {
    const lock = takeServerLock(dir);
    process.stdout.write('held');
    // The listener keeps a reference to the lock: without one it would be garbage-collected, and so released.
    process.stdin.resume().once('end', () => {
      lock.release();
    });
  },
};

async function runOnStorage(run: (storage: Storage) => Promise<void>): Promise<void> {
  const storage = await openStorage({
    mongodbUri: connection.uri ?? null,
    dir: connection.dir ?? null,
    masterKey: Buffer.from(connection.masterKey, 'base64'),
    clock: () => new Date('2026-03-01T12:00:00.000Z'),
    random: randomBytes,
    durability: 'process',
    server: false,
    // Generous, so that a slow machine does not look like a store that cannot be reached.
    checkDeadlineMs: 15_000,
    changeTimeoutMs: 15_000,
  });
  await run(storage);
  await storage.close();
}

const folderCommand = folderCommands[command];
const storageCommand = commands[command];
if (folderCommand) folderCommand(connection.dir ?? '');
else if (storageCommand) await runOnStorage(storageCommand);
else throw new Error(`no such command: ${command}`);
