import mongoose, { type Connection, type mongo } from 'mongoose';
import { asStoreError } from '../errors.ts';

type MongoClient = mongo.MongoClient;
type MongoClientOptions = mongo.MongoClientOptions;

/** Two connection pools: the one for checks fails fast, and the one for all other work waits through an election. */
export interface Clients {
  readonly checks: Client;
  /** For changes by people, the command line and jobs, and for every read but those of checks. */
  readonly writes: Client;
  close(): Promise<void>;
}

interface Client {
  readonly connection: Connection;
  readonly topology: Topology;
}

/** What a client knows of the replica set, by the events of its driver. */
export interface Topology {
  /** The primary's address with the id of the election that made it primary; null: the client knows of none. */
  primary(): string | null;
  /** Whether the set has one member, so that no other member can have become primary. */
  isSingle(): boolean;
}

interface Timeouts {
  /** From the arrival of a check until it is answered `store-unavailable`. */
  readonly checkDeadlineMs: number;
  /** How long a change waits for a primary, for a connection and for the majority. */
  readonly changeTimeoutMs: number;
}

const warmConnections = 8;

/**
 * Every wait ends before the check's deadline, so that a member that hangs does not hold connections that later checks
 * need. The driver's `timeoutMS` does not do this (tried with driver 7.8). The driver must not retry writes: a retry on
 * a new primary would store what was decided on the data of another one.
 */
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

const standaloneServer =
  'MongoDB runs as a standalone server, and Latchkey needs a replica set (of one member at least). Start it with ' +
  '--replSet rs0, or replication.replSetName in its configuration, and run once: mongosh --eval "rs.initiate()"';
const defaultDatabase = 'latchkey';
const uriWithDatabase = /^mongodb(?:\+srv)?:\/\/[^/]+\/[^?]/;

/**
 * Connects both clients. Rejects with one sentence for the operator when the server cannot be used (unreachable,
 * standalone, wrong password); both clients are closed then.
 */
export async function openClients(uri: string, { checkDeadlineMs, changeTimeoutMs }: Timeouts): Promise<Clients> {
  const timeouts = {
    serverSelectionTimeoutMS: changeTimeoutMs,
    waitQueueTimeoutMS: changeTimeoutMs,
    wtimeoutMS: changeTimeoutMs,
  };
  const writes = createClient(uri, { ...writeOptions, ...timeouts });
  const checks = createClient(uri, checkOptions(checkDeadlineMs));
  // Watched from before they connect: the driver reports only changes.
  const topologies = { checks: watchTopology(checks), writes: watchTopology(writes) };
  const close = async () => {
    await Promise.all([writes.close(), checks.close()]);
  };
  try {
    await writes.connect();
    const hello = await writes.db().command({ hello: 1 });
    if (hello.setName === undefined && hello.msg !== 'isdbgrid') throw new Error(standaloneServer);
    await checks.connect();
    await warmUp(checks);
  } catch (error) {
    await close();
    throw asStoreError(error);
  }
  return {
    checks: { connection: connectionOf(checks), topology: topologies.checks },
    writes: { connection: connectionOf(writes), topology: topologies.writes },
    close,
  };
}

/** The options that the store's promises need come last: those in the operator's URI do not override them. */
function createClient(uri: string, own: MongoClientOptions): MongoClient {
  const database = uriWithDatabase.test(uri) ? {} : { dbName: defaultDatabase };
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

/** Opens the pool's first connections, each of which costs a few round trips, before the first checks need them. */
async function warmUp(client: MongoClient): Promise<void> {
  await Promise.all(Array.from({ length: warmConnections }, () => client.db().command({ ping: 1 })));
}

function watchTopology(client: MongoClient): Topology {
  let primary: string | null = null;
  let members = 0;
  client.on('topologyDescriptionChanged', ({ newDescription: { servers } }) => {
    const known = [...servers.values()];
    const primaryServer = known.find(({ type }) => type === 'RSPrimary');
    // A router does not report which primary answers behind it, so a change of primary goes unnoticed through mongos.
    const router = known.find(({ type }) => type === 'Mongos');
    primary = primaryServer ? `${primaryServer.address} ${String(primaryServer.electionId)}` : router ? 'mongos' : null;
    members = router ? Infinity : known.length;
  });
  return { primary: () => primary, isSingle: () => members === 1 };
}
