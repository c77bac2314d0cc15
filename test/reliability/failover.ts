/**
 * Tests a replica set of three members under load from two server processes:
 *
 * 1. The primary is killed with SIGKILL and started again on its data. Checks are answered again within 15 s.
 * 2. The new primary is frozen. Checks are answered again within 25 s, and at once after it is thawed.
 * 3. The two other members are frozen. The primary that is left decides no check.
 *
 * Afterwards no answered attempt is missing, no slot was given twice, no suspended license was granted, and no request
 * waited longer than 2 s. Exits with 1 otherwise.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient, latchkey, createInstallation, startProgram } from './program.ts';
import { compareWithStore } from './compare-with-store.ts';
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
const installations = [await createInstallation(shared), await createInstallation(shared)];
const [installation] = installations;
if (!installation) throw new Error('There is no installation.');
await latchkey(installation, 'guild', 'add', '100000000000000001', '--name', 'Reliability');
const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(
  installation,
  'apikey',
  'create',
  '--name',
  'reliability',
);
await latchkey(installation, 'product', 'add', 'Load', '--version', '1');
const issue = ['license', 'issue', '--product', 'Load', '--ip-limit', 'unlimited'] as const;
const { licenses } = await latchkey<{ licenses: { id: number; key: string }[] }>(
  installation,
  ...issue,
  ...['--amount', '20', '--hwid-limit', String(hwidLimit)],
);
const suspended = licenses[0];
if (!suspended) throw new Error('no license');

const servers = await Promise.all(installations.map((one) => startProgram(one)));
const answered = new Map<string, string>();
const lastAnswerAt = installations.map(() => performance.now());
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

async function checkUntilEnd(index: number, client: ReturnType<typeof createClient>): Promise<void> {
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

/** How long it takes, in ms, until both servers answer checks again. Gives up after twice the allowed time. */
async function measureRecovery(withinMs: number): Promise<number> {
  const startedAt = performance.now();
  // Answers that were already on their way at the time of the failure do not count.
  await wait(100);
  const from = performance.now();
  while (lastAnswerAt.some((at) => at < from)) {
    if (performance.now() - startedAt > withinMs * 2) break;
    await wait(20);
  }
  return performance.now() - startedAt;
}

const clients = installations.map((one) => createClient(one, apiKey.secret, connections));
const load = clients.flatMap((client, index) =>
  Array.from({ length: connections }, () => checkUntilEnd(index, client)),
);
// An error in the load ends the test at once.
load.forEach((one) => void one.catch(() => (isOver = true)));
await wait(2_000);

const killed = await set.primary();
killed.kill();
const killMs = await measureRecovery(15_000);
await wait(2_000);
killed.restart();
await set.isReady(killed);
await wait(2_000);

await latchkey(installation, 'license', 'suspend', String(suspended.id));
isSuspended = true;
const frozen = await set.primary();
frozen.freeze();
const freezeMs = await measureRecovery(25_000);
await wait(2_000);
frozen.thaw();
const thawMs = await measureRecovery(2_000);
await wait(3_000);

// For some seconds, a primary without connection to the others does not know that it has lost its majority.
await Promise.all(set.members.map((member) => set.isReady(member)));
const cutOff = await set.primary();
const others = set.members.filter((member) => member !== cutOff);
for (const member of others) member.freeze();
await wait(maxWaitMs);
const answeredBefore = answered.size;
await wait(3_000);
const answersWhileCutOff = answered.size - answeredBefore;
for (const member of others) member.thaw();
const rejoinMs = await measureRecovery(15_000);
await wait(2_000);

isOver = true;
await Promise.all(load);
for (const client of clients) client.close();
const { missing, overIssued } = await compareWithStore(installation, answered, licenses, hwidLimit);

for (const server of servers) await server.end('SIGTERM');
await set.stop();
for (const { dataDir } of installations) await rm(dataDir, { recursive: true });

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
console.log(
  `primary killed: answered again after ${seconds(killMs)}; frozen: after ${seconds(freezeMs)}; thawed: after ` +
    `${seconds(thawMs)}; with both others frozen: ${String(answersWhileCutOff)} checks decided; thawed: after ` +
    `${seconds(rejoinMs)}; longest wait of a request ${seconds(maxMs)}\n` +
    `${String(answered.size)} answers received, ${String(missing)} missing in the store, ` +
    `${String(overIssued)} licenses over their limit, ${String(grantsOfSuspended)} grants of the suspended license`,
);
const hasPassed =
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
if (!hasPassed) process.exit(1);
