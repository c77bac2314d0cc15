// Makes freshly started mongods with a keyFile the replica set that MONGODB_URI names, with its two users: the
// administrator of mongo-admin.yaml and the one that Latchkey uses. Repeated, it changes nothing but sets the password
// of Latchkey's user to that in MONGODB_URI. It must reach the first member at 127.0.0.1: MongoDB takes the first steps
// from nowhere else while there is no user (https://www.mongodb.com/docs/manual/core/localhost-exception/).
//
//   node deploy/init-replica-set.js --election-timeout-ms N --heartbeat-interval-ms N LATCHKEY_ENV MONGO_ADMIN_YAML
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs, parseEnv } from 'node:util';
import mongoose from 'mongoose';
import { parse } from 'yaml';

const { MongoClient } = mongoose.mongo;
const unauthorized = 13;
const primaryWithinMs = 60_000;
const lookEveryMs = 100;

const { values, positionals } = parseArgs({
  options: { 'election-timeout-ms': { type: 'string' }, 'heartbeat-interval-ms': { type: 'string' } },
  allowPositionals: true,
});
const [envFile = '', adminFile = ''] = positionals;

try {
  const wanted = describeUri('MONGODB_URI', parseEnv(readFileSync(envFile, 'utf8')).MONGODB_URI);
  const admin = describeUri(adminFile, parse(readFileSync(adminFile, 'utf8')).uri);
  await withClient(`mongodb://127.0.0.1:${wanted.hosts[0].port}/?directConnection=true`, async (first) => {
    await initiate(first, wanted);
    await makeAdmin(first, admin.credentials);
  });
  await withClient(admin.uri, (client) => makeUser(client, wanted));
} catch (error) {
  console.error(`The replica set is not ready: ${error.message}`);
  process.exitCode = 1;
}

function describeUri(name, uri = '') {
  const { hosts, replicaSet, credentials, dbName } = new MongoClient(uri).options;
  if (!replicaSet || !credentials?.password) throw new Error(`${name} must name a user, a password and a replicaSet.`);
  return { uri, hosts, replicaSet, credentials, dbName };
}

async function withClient(uri, use) {
  const client = new MongoClient(uri);
  try {
    return await use(await client.connect());
  } finally {
    await client.close();
  }
}

async function initiate(first, { replicaSet, hosts }) {
  const { setName } = await first.db('admin').command({ hello: 1 });
  if (setName !== undefined) return;
  // The first user can be made on a primary at 127.0.0.1 only, so the others may not become primary before that.
  const members = hosts.map((host, _id) => ({ _id, host: `${host}`, priority: _id === 0 ? 1 : 0 }));
  const settings = {
    electionTimeoutMillis: Number(values['election-timeout-ms']),
    heartbeatIntervalMillis: Number(values['heartbeat-interval-ms']),
  };
  await first.db('admin').command({ replSetInitiate: { _id: replicaSet, members, settings } });
  console.log(`Initiated the replica set ${replicaSet}.`);
}

async function makeAdmin(first, { username, password }) {
  await waitForPrimary(first);
  try {
    await first.db('admin').command({ createUser: username, pwd: password, roles: ['root'] });
    console.log(`Made the administrator ${username}.`);
  } catch (error) {
    // Strangers may make the first user only: there is one.
    if (error.code !== unauthorized) throw error;
  }
}

/** A member that has just been elected is named as primary a moment before it takes writes. */
async function waitForPrimary(first) {
  const until = Date.now() + primaryWithinMs;
  for (;;) {
    const { isWritablePrimary, primary, me } = await first.db('admin').command({ hello: 1 });
    if (isWritablePrimary || (primary !== undefined && primary !== me)) return;
    if (Date.now() > until) throw new Error(`no member became primary within ${primaryWithinMs / 1000} s.`);
    await wait(lookEveryMs);
  }
}

/** Its existence says that everything before it is done. */
async function makeUser(client, { credentials, dbName }) {
  const { username, password, source } = credentials;
  const roles = [
    { role: 'readWrite', db: dbName },
    // For `doctor`, which looks at the set's configuration.
    { role: 'clusterMonitor', db: 'admin' },
  ];
  const { users } = await client.db(source).command({ usersInfo: username });
  if (users.length === 0) await letAllBecomePrimary(client);
  const command = users.length === 0 ? 'createUser' : 'updateUser';
  await client.db(source).command({ [command]: username, pwd: password, roles });
  console.log(`The user ${username} of the database ${dbName} is ready.`);
}

async function letAllBecomePrimary(client) {
  const { config } = await client.db('admin').command({ replSetGetConfig: 1 });
  const members = config.members.map((member) => ({ ...member, priority: 1 }));
  await client.db('admin').command({ replSetReconfig: { ...config, version: config.version + 1, members } });
}
