import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import mongoose from 'mongoose';
import { findMongod } from '../../test/support/find-mongod.ts';
import { freePort } from '../../test/support/free-port.ts';
import { childExit } from '../child-exit.ts';

export interface BenchMongod {
  readonly uri: string;
  /** Ends it cleanly, so that its folder can be copied. */
  stop(): Promise<void>;
}

const replSet = 'bench';
const pollMs = 50;
const startTimeoutMs = 60_000;

/** Starts a replica set of one member on a folder, which may be a copy of one that another member was using. */
export async function startBenchMongod(dbPath: string): Promise<BenchMongod> {
  const binary = await findMongod();
  if (binary === null) throw new Error('There is no mongod: put one into PATH or name it in MONGOMS_SYSTEM_BINARY.');
  const port = await freePort();
  const args = ['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', replSet];
  const child = spawn(binary, args, { stdio: 'ignore' });
  const exited = childExit(child);
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: startTimeoutMs,
  });
  try {
    await becomePrimary(client.db('admin'), `127.0.0.1:${port}`);
  } finally {
    await client.close();
  }
  return {
    uri: `mongodb://127.0.0.1:${port}/latchkey?replicaSet=${replSet}`,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

/** Makes the process the only member of its set. In a copied folder the set still has the address of the former one. */
async function becomePrimary(admin: mongoose.mongo.Db, host: string): Promise<void> {
  const members = [{ _id: 0, host }];
  const former = await admin.command({ replSetGetConfig: 1 }).catch(() => null);
  if (former === null) await admin.command({ replSetInitiate: { _id: replSet, members } });
  else {
    const { version, ...config } = former.config as { readonly version: number };
    await admin.command({ replSetReconfig: { ...config, version: version + 1, members }, force: true });
  }
  for (const endsAt = performance.now() + startTimeoutMs; ;) {
    if ((await admin.command({ hello: 1 })).isWritablePrimary === true) return;
    if (performance.now() > endsAt) throw new Error('The mongod of the bench did not become primary.');
    await wait(pollMs);
  }
}
