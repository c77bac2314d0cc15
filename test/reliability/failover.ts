/**
 * A replica set of three under load from two server processes: its primary is killed with SIGKILL and started again on its data,
 * then the primary of that moment is frozen and thawed. No answered attempt may be missing afterwards, no slot given
 * twice, no suspended license granted, no request waits over 2 s, and checks are answered again within 15 s of the kill,
 * within 25 s of the freeze, and at once after the thaw. With both others frozen, the primary that is left decides nothing.
 * Exits with 1 otherwise.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, latchkey, makePlace, startProgram } from './program.ts';
import { judge } from './compare-with-store.ts';
import { startReplicaSet } from './replica-set.ts';

const connections = 8;
const hwidLimit = 3;
const maxWaitMs = 2_000;

const set = await startReplicaSet(3);
const shared = {
  MONGODB_URI: set.uri('latchkey'),
  LATCHKEY_MASTER_KEY: randomBytes(32).toString('base64'),
  LATCHKEY_ROLES: 'api',
};
const places = [await makePlace(shared), await makePlace(shared)];
const [place] = places;
if (!place) throw new Error('no place');
await latchkey(place, 'guild', 'add', '100000000000000001', '--name', 'Proof');
const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(place, 'apikey', 'create', '--name', 'proof');
await latchkey(place, 'product', 'add', 'Load', '--version', '1');
const issue = ['license', 'issue', '--product', 'Load', '--ip-limit', 'unlimited'] as const;
const { licenses } = await latchkey<{ licenses: { id: number; key: string }[] }>(
  place,
  ...issue,
  ...['--amount', '20', '--hwid-limit', String(hwidLimit)],
);
const suspended = licenses[0];
if (!suspended) throw new Error('no license');

const servers = await Promise.all(places.map((one) => startProgram(one)));
const answered = new Map<string, string>();
const lastAnswerAt = places.map(() => performance.now());
let maxMs = 0;
let isSuspended = false;
let grantsOfSuspended = 0;
let sequence = 0;
let isOver = false;
const hasEnded = () => isOver;

function resultOf(status: number, text: string): string | null {
  if (status === 200) return 'granted';
  if (text.includes('Maximum number of HWIDs reached')) return 'hwid-limit';
  if (text.includes('License is suspended')) return 'suspended';
  if (status === 500 && text.includes('Internal server error')) return null;
  throw new Error(`unexpected answer ${String(status)} ${text}`);
}

async function checkForEver(index: number, client: ReturnType<typeof createClient>): Promise<void> {
  while (!hasEnded()) {
    sequence += 1;
    const name = `request-${String(sequence)}`;
    const license = licenses[sequence % licenses.length];
    if (!license) throw new Error('no license');
    const wasSuspended = isSuspended && license === suspended;
    const startedAt = performance.now();
    const hwid = `machine-${String(sequence % 7)}`;
    const data = { product: 'Load', version: '1', licensekey: license.key, ip: '203.0.113.1', hwid };
    const { status, text } = await client.check(data, name);
    maxMs = Math.max(maxMs, performance.now() - startedAt);
    const result = resultOf(status, text);
    if (result === null) {
      await wait(20);
      continue;
    }
    lastAnswerAt[index] = performance.now();
    answered.set(name, result);
    if (wasSuspended && result === 'granted') grantsOfSuspended += 1;
  }
}

/** When both servers have answered checks again that began after now. */
async function answersAgain(withinMs: number): Promise<number> {
  const startedAt = performance.now();
  // What was under way when it happened does not count.
  await wait(100);
  const from = performance.now();
  while (lastAnswerAt.some((at) => at < from)) {
    if (performance.now() - startedAt > withinMs * 2) break;
    await wait(20);
  }
  return performance.now() - startedAt;
}

const clients = places.map((one) => createClient(one, apiKey.secret, connections));
const load = clients.flatMap((client, index) => Array.from({ length: connections }, () => checkForEver(index, client)));
// A mistake in the load ends the proof at once.
load.forEach((one) => void one.catch(() => (isOver = true)));
await wait(2_000);

const killed = await set.primary();
killed.kill();
const killMs = await answersAgain(15_000);
await wait(2_000);
killed.restart();
await set.isReady(killed);
await wait(2_000);

await latchkey(place, 'license', 'suspend', String(suspended.id));
isSuspended = true;
const frozen = await set.primary();
frozen.freeze();
const freezeMs = await answersAgain(25_000);
await wait(2_000);
frozen.thaw();
const thawMs = await answersAgain(2_000);
await wait(3_000);

// A primary that is cut off from the others goes on believing that it is one.
await Promise.all(set.members.map((member) => set.isReady(member)));
const cutOff = await set.primary();
const others = set.members.filter((member) => member !== cutOff);
for (const member of others) member.freeze();
await wait(maxWaitMs);
const answeredBefore = answered.size;
await wait(3_000);
const answersWhileCutOff = answered.size - answeredBefore;
for (const member of others) member.thaw();
const rejoinMs = await answersAgain(15_000);
await wait(2_000);

isOver = true;
await Promise.all(load);
for (const client of clients) client.close();
const { missing, overIssued } = await judge(place, answered, licenses, hwidLimit);

for (const server of servers) await server.end('SIGTERM');
await set.stop();
for (const { dataDir } of places) await rm(dataDir, { recursive: true });

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
console.log(
  `primary killed: answered again after ${seconds(killMs)}; frozen: after ${seconds(freezeMs)}; thawed: after ` +
    `${seconds(thawMs)}; with both others frozen: ${String(answersWhileCutOff)} checks decided; thawed: after ` +
    `${seconds(rejoinMs)}; longest wait of a request ${seconds(maxMs)}\n` +
    `${String(answered.size)} answers received, ${String(missing)} missing in the store, ` +
    `${String(overIssued)} licenses over their limit, ${String(grantsOfSuspended)} grants of the suspended license`,
);
const isProven =
  missing === 0 &&
  overIssued === 0 &&
  grantsOfSuspended === 0 &&
  maxMs <= maxWaitMs &&
  answersWhileCutOff === 0 &&
  rejoinMs <= 15_000 &&
  killMs <= 15_000 &&
  freezeMs <= 25_000 &&
  thawMs <= 2_000 &&
  answered.size > 1_000;
if (!isProven) process.exit(1);
