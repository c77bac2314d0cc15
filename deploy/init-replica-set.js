// Makes a replica set of freshly started mongods that use a keyFile. It initiates the set that MONGODB_URI names and
// creates its two users: the administrator of mongo-admin.yaml, and the user with which Latchkey connects.
//
// The script can be run again at any time: it then changes nothing, except that the password of Latchkey's user becomes
// the one in MONGODB_URI. It has to run where the first member listens at 127.0.0.1, because MongoDB accepts the first
// commands only from there while no user exists (https://www.mongodb.com/docs/manual/core/localhost-exception/).
//
//   node deploy/init-replica-set.js --election-timeout-ms N --heartbeat-interval-ms N LATCHKEY_ENV MONGO_ADMIN_YAML
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, parseEnv } from 'node:util';
import mongoose from 'mongoose';
import { parse } from 'yaml';

const { MongoClient } = mongoose.mongo;
/** MongoDB's error code Unauthorized. */
const unauthorized = 13;
const primaryTimeoutMs = 60_000;
const pollMs = 100;

const { values, positionals } = parseArgs({
  options: { 'election-timeout-ms': { type: 'string' }, 'heartbeat-interval-ms': { type: 'string' } },
  allowPositionals: true,
});
const [envFile = '', adminFile = ''] = positionals;

try {
  const latchkey = parseUri('MONGODB_URI', parseEnv(readFileSync(envFile, 'utf8')).MONGODB_URI);
  const admin = parseUri(adminFile, parse(readFileSync(adminFile, 'utf8')).uri);
  const first = `mongodb://127.0.0.1:${latchkey.hosts[0].port}/?directConnection=true`;
  await withClient(first, latchkey.encryption, async (client) => {
    await initiate(client, latchkey);
    await createAdmin(client, admin.credentials);
  });
  await withClient(admin.uri, {}, (client) => createUser(client, latchkey));
} catch (error) {
  console.error(`The replica set is not ready: ${error.message}`);
  process.exitCode = 1;
}

/** The parts of a URI, as the driver understands it. `name` says in the error where the URI comes from. */
function parseUri(name, uri = '') {
  const { hosts, replicaSet, credentials, dbName, tls, tlsCAFile } = new MongoClient(uri).options;
  if (!replicaSet || !credentials?.password) throw new Error(`${name} must name a user, a password and a replicaSet.`);
  const encryption = tls ? { tls, ...(tlsCAFile && { tlsCAFile }) } : {};
  return { uri, hosts, replicaSet, credentials, dbName, encryption };
}

async function withClient(uri, options, use) {
  const client = new MongoClient(uri, options);
  try {
    return await use(await client.connect());
  } finally {
    await client.close();
  }
}

/** Initiates the replica set, unless the first member belongs to one. */
async function initiate(first, { replicaSet, hosts }) {
  const { setName } = await first.db('admin').command({ hello: 1 });
  if (setName !== undefined) return;
  // The first user can be created only on a primary that is reached at 127.0.0.1. With priority 0 no other member can
  // become primary before that; `letAllBecomePrimary` changes this at the end.
  const members = hosts.map((host, _id) => ({ _id, host: `${host}`, priority: _id === 0 ? 1 : 0 }));
  const settings = {
    electionTimeoutMillis: Number(values['election-timeout-ms']),
    heartbeatIntervalMillis: Number(values['heartbeat-interval-ms']),
  };
  await first.db('admin').command({ replSetInitiate: { _id: replicaSet, members, settings } });
  console.log(`Initiated the replica set ${replicaSet}.`);
}

/** Creates the administrator, unless there are users already. */
async function createAdmin(first, { username, password }) {
  await waitForPrimary(first);
  try {
    await first.db('admin').command({ createUser: username, pwd: password, roles: ['root'] });
    console.log(`Made the administrator ${username}.`);
  } catch (error) {
    // Without authentication MongoDB allows only the first user to be created: this error means that there is one.
    if (error.code !== unauthorized) throw error;
  }
}

/**
 * Waits until the set has a primary that accepts writes. The first member names itself as primary a moment before it
 * accepts writes, so its own name alone is not enough.
 */
async function waitForPrimary(first) {
  const deadline = Date.now() + primaryTimeoutMs;
  for (;;) {
    const { isWritablePrimary, primary, me } = await first.db('admin').command({ hello: 1 });
    if (isWritablePrimary || (primary !== undefined && primary !== me)) return;
    if (Date.now() > deadline) throw new Error(`no member became primary within ${primaryTimeoutMs / 1000} s.`);
    await wait(pollMs);
  }
}

/**
 * Creates or updates the user of Latchkey. It is created last, so where it exists, all members can already become
 * primary.
 */
async function createUser(client, { credentials, dbName }) {
  const { username, password, source } = credentials;
  const roles = [
    { role: 'readWrite', db: dbName },
    // `latchkey doctor` reads the configuration of the replica set.
    { role: 'clusterMonitor', db: 'admin' },
  ];
  const { users } = await client.db(source).command({ usersInfo: username });
  if (users.length === 0) await letAllBecomePrimary(client);
  const command = users.length === 0 ? 'createUser' : 'updateUser';
  await client.db(source).command({ [command]: username, pwd: password, roles });
  console.log(`The user ${username} of the database ${dbName} is ready.`);
}

/** Gives every member the same priority. */
async function letAllBecomePrimary(client) {
  const { config } = await client.db('admin').command({ replSetGetConfig: 1 });
  const members = config.members.map((member) => ({ ...member, priority: 1 }));
  await client.db('admin').command({ replSetReconfig: { ...config, version: config.version + 1, members } });
}
