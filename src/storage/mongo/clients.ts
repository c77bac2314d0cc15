import mongoose, { type Connection, type mongo } from 'mongoose';
import { asStoreError } from './errors.ts';

type MongoClient = mongo.MongoClient;
type MongoClientOptions = mongo.MongoClientOptions;

/** One connection pool for checks, which wait for nothing long, and one for people, who rather wait than fail. */
export interface Clients {
  readonly checks: Client;
  readonly writeConnection: Client;
  close(): Promise<void>;
}

interface Client {
  readonly connection: Connection;
  /** What the replica set looks like to it. */
  readonly topology: Topology;
}

export interface Topology {
  /** Which primary it is, and since which election; null: none is known. */
  primary(): string | null;
  /** A set of one has no other primary to be wrong about. */
  isSingle(): boolean;
}

interface Timeouts {
  /** From the arrival of a check to `store-unavailable`. */
  readonly checkDeadlineMs: number;
  /** How long a change waits for a primary. */
  readonly changeTimeoutMs: number;
}

const warmConnections = 8;

/** So that what hangs is given up before the deadline. `timeoutMS` does nothing in driver 7.8. */
function checkOptions(deadlineMs: number): MongoClientOptions {
  return {
    serverSelectionTimeoutMS: Math.round(deadlineMs / 3),
    waitQueueTimeoutMS: Math.round(deadlineMs / 3),
    connectTimeoutMS: 1_000,
    socketTimeoutMS: Math.round(deadlineMs / 2),
    retryReads: false,
    retryWrites: false,
    minPoolSize: warmConnections,
    maxPoolSize: 64,
  };
}

const writeOptions = {
  connectTimeoutMS: 2_000,
  retryReads: true,
  retryWrites: true,
  minPoolSize: 1,
  maxPoolSize: 16,
} as const;

const makeItASet =
  'MongoDB runs as a standalone server, and Latchkey needs a replica set (of one member at least). Start it with ' +
  '--replSet rs0, or replication.replSetName in its configuration, and run once: mongosh --eval "rs.initiate()"';
const defaultDatabase = 'latchkey';
const namesDatabase = /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/;

/** Connects both. Rejects with one sentence where the server cannot be used; nothing stays open then. */
export async function openClients(uri: string, { checkDeadlineMs, changeTimeoutMs }: Timeouts): Promise<Clients> {
  const timeouts = {
    serverSelectionTimeoutMS: changeTimeoutMs,
    waitQueueTimeoutMS: changeTimeoutMs,
    wtimeoutMS: changeTimeoutMs,
  };
  const writeConnection = createClient(uri, { ...writeOptions, ...timeouts });
  const checks = createClient(uri, checkOptions(checkDeadlineMs));
  const topologies = { checks: watchTopology(checks), writeConnection: watchTopology(writeConnection) };
  const close = async () => {
    await Promise.all([writeConnection.close(), checks.close()]);
  };
  try {
    await writeConnection.connect();
    const hello = await writeConnection.db().command({ hello: 1 });
    if (hello.setName === undefined && hello.msg !== 'isdbgrid') throw new Error(makeItASet);
    await checks.connect();
    await warmUp(checks);
  } catch (error) {
    await close();
    throw asStoreError(error);
  }
  return {
    checks: { connection: connectionOf(checks), topology: topologies.checks },
    writeConnection: { connection: connectionOf(writeConnection), topology: topologies.writeConnection },
    close,
  };
}

/** What the promises rest on is not for the address to change. */
function createClient(uri: string, own: MongoClientOptions): MongoClient {
  const database = namesDatabase.test(uri) ? {} : { dbName: defaultDatabase };
  const promises = { w: 'majority', journal: true, readPreference: 'primary', readConcernLevel: 'local' } as const;
  try {
    return new mongoose.mongo.MongoClient(uri, { ...own, ...promises, ...database });
  } catch (error) {
    throw new Error(`MONGODB_URI: ${(error as Error).message}`, { cause: error });
  }
}

function connectionOf(client: MongoClient): Connection {
  return mongoose.createConnection().setClient(client);
}

/** The first checks find connections: making them costs a few round trips each. */
async function warmUp(client: MongoClient): Promise<void> {
  await Promise.all(Array.from({ length: warmConnections }, () => client.db().command({ ping: 1 })));
}

function watchTopology(client: MongoClient): Topology {
  let primary: string | null = null;
  let members = 0;
  client.on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
    const known = [...servers.values()];
    const found = known.find(({ type }) => type === 'RSPrimary');
    // Through mongos the primaries cannot be told apart.
    const router = known.find(({ type }) => type === 'Mongos');
    primary = found ? `${found.address} ${String(found.electionId)}` : router ? 'mongos' : null;
    members = router ? Infinity : known.length;
  });
  return { primary: () => primary, isSingle: () => members === 1 };
}
