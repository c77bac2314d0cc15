import { describe } from '@jest/globals';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';

/** Where test/support/mongod-setup.ts says what it started; test files that import this get it started. */
const uri = process.env.LATCHKEY_TEST_MONGODB_URI ?? null;

/** As `describe`, of what needs a mongod; skipped, and said so, where there is none. */
export function describeWithMongod(name: string, body: () => void): void {
  if (uri === null) describe.skip(`${name} (skipped: there is no mongod)`, body);
  else describe(name, body);
}

/** A database of this name in the set of one member that all test files share. */
export function sharedMongodbUri(database: string): string {
  if (uri === null) throw new Error('There is no mongod; describeWithMongod would have skipped this.');
  return Object.assign(new URL(uri), { pathname: database }).href;
}

interface Member {
  /** As the driver names it: `127.0.0.1:<port>`. */
  readonly address: string;
  readonly pid: number;
  /** As it last said: a frozen one goes on being it. */
  isPrimary(): boolean;
}

interface MongodSet {
  /** Of a database in it. */
  uri(database: string): string;
  /** To be killed, and to be sent SIGSTOP and SIGCONT. */
  readonly members: readonly Member[];
  /** Also of members that are frozen or dead. */
  stop(): Promise<void>;
}

/** A set of one's own with three members, which notice within seconds that one is gone. */
export async function startThreeMembers(): Promise<MongodSet> {
  const set = await MongoMemoryReplSet.create({
    replSet: {
      count: 3,
      storageEngine: 'wiredTiger',
      configSettings: { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 },
    },
  });
  const members = set.servers.map(({ instanceInfo }): Member => {
    const instance = instanceInfo!.instance;
    return {
      address: `127.0.0.1:${instanceInfo!.port}`,
      pid: instance.mongodProcess!.pid!,
      isPrimary: () => instance.isInstancePrimary,
    };
  });
  return {
    uri: (database) => set.getUri(database),
    members,
    stop: async () => {
      for (const { pid } of members) thaw(pid);
      await set.stop();
    },
  };
}

function thaw(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch (error) {
    // It is dead.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
