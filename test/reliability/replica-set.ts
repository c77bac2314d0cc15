import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import mongoose from 'mongoose';
import { findMongod } from '../support/find-mongod.ts';

/** One mongod process of a set. It can be killed and started again on its data, or frozen (SIGSTOP) and thawed. */
export interface Member {
  readonly address: string;
  kill(): void;
  restart(): void;
  freeze(): void;
  thaw(): void;
}

export interface ReplicaSet {
  /** The connection string for a database. */
  uri(database: string): string;
  /** The member that says that it is primary; waits until there is one. */
  primary(): Promise<Member>;
  readonly members: readonly Member[];
  /** Resolves when the member is primary or secondary. */
  isReady(member: Member): Promise<void>;
  stop(): Promise<void>;
}

const pollMs = 100;

/** Starts a replica set of real mongod processes with the same election settings as in compose.yaml. */
export async function startReplicaSet(count: number): Promise<ReplicaSet> {
  const binary = await findMongod();
  if (binary === null) throw new Error('There is no mongod: put one into PATH or name it in MONGOMS_SYSTEM_BINARY.');
  process.env.MONGOMS_SYSTEM_BINARY = binary;
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK = 'false';
  const set = await MongoMemoryReplSet.create({
    replSet: {
      count,
      storageEngine: 'wiredTiger',
      configSettings: { electionTimeoutMillis: 2_000, heartbeatIntervalMillis: 500 },
    },
  });
  const members = set.servers.map(({ instanceInfo }) => {
    if (!instanceInfo?.instance.mongodProcess?.pid) throw new Error('a member of the set does not run');
    return createMember(binary, instanceInfo.instance.prepareCommandArgs(), instanceInfo.port, {
      pid: instanceInfo.instance.mongodProcess.pid,
    });
  });

  async function stateOf({ address }: Member): Promise<string> {
    const direct = new mongoose.mongo.MongoClient(`mongodb://${address}/?directConnection=true`, {
      serverSelectionTimeoutMS: 1_000,
      socketTimeoutMS: 1_000,
    });
    try {
      const hello = await direct.db('admin').command({ hello: 1 });
      return hello.isWritablePrimary ? 'primary' : hello.secondary ? 'secondary' : 'none';
    } catch {
      return 'none';
    } finally {
      await direct.close();
    }
  }

  return {
    uri: (database) => set.getUri(database),
    primary: async () => {
      for (;;) {
        for (const member of members) if ((await stateOf(member)) === 'primary') return member;
        await wait(pollMs);
      }
    },
    members,
    isReady: async (member) => {
      while ((await stateOf(member)) === 'none') await wait(pollMs);
    },
    stop: async () => {
      // The library's own stop is not used: it logs an error for each member that was killed before.
      for (const member of members) member.kill();
      for (const { instanceInfo } of set.servers) {
        await rm(instanceInfo?.dbPath ?? '', { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      }
    },
  };
}

function createMember(binary: string, args: string[], port: number, first: { readonly pid: number }): Member {
  let { pid } = first;
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal);
    } catch (error) {
      // ESRCH: the process has ended already.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  // However this process ends, it ends the member, which may have been started again outside the library.
  process.once('exit', () => {
    send('SIGKILL');
  });
  return {
    address: `127.0.0.1:${String(port)}`,
    kill: () => {
      send('SIGKILL');
    },
    restart: () => {
      const child = spawn(binary, args, { stdio: 'ignore' });
      if (!child.pid) throw new Error('the member could not be started again');
      ({ pid } = child);
    },
    freeze: () => {
      send('SIGSTOP');
    },
    thaw: () => {
      send('SIGCONT');
    },
  };
}
