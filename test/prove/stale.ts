/**
 * The next check knows: another process makes 1,000 changes on the same store, then the command line 20 more. Each is
 * followed, as soon as it is confirmed, by a check on the running server, which must go by it. Exits with 1 otherwise.
 */
import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, latchkey, makePlace, startProgram } from './program.ts';

/** What the other process is asked to change. */
export type Change = { readonly guildId: string } & (
  | { readonly type: 'suspend' | 'resume'; readonly licenseId: number }
  | { readonly type: 'limit'; readonly licenseId: number; readonly limit: string }
  | { readonly type: 'setting'; readonly key: string; readonly value: string }
  | { readonly type: 'blacklist' | 'unblacklist'; readonly hwid: string }
);

const changes = 1000;
const commands = 20;
const guildId = '100000000000000001';
const hwid = 'proof-machine';

const place = await makePlace();
await latchkey(place, 'guild', 'add', guildId, '--name', 'Proof');
const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(place, 'apikey', 'create', '--name', 'proof');
await latchkey(place, 'product', 'add', 'Proof', '--version', '1');
const { licenses } = await latchkey<{ licenses: { id: number; key: string }[] }>(
  place,
  'license',
  'issue',
  '--product',
  'Proof',
);
const [license] = licenses;
if (!license) throw new Error('no license');
const { id: licenseId, key } = license;

const server = await startProgram(place);
const client = createClient(place, apiKey.secret, 1);
const check = () => client.check({ product: 'Proof', version: '1', licensekey: key, ip: '203.0.113.1', hwid });

/** Pairs that take each other back, with the status that the check after each must have. */
const steps: readonly { readonly change: Change; readonly status: number }[] = [
  { change: { guildId, type: 'suspend', licenseId }, status: 403 },
  { change: { guildId, type: 'resume', licenseId }, status: 200 },
  { change: { guildId, type: 'blacklist', hwid }, status: 403 },
  { change: { guildId, type: 'unblacklist', hwid }, status: 200 },
  { change: { guildId, type: 'setting', key: 'limits.hwid', value: '0' }, status: 400 },
  { change: { guildId, type: 'setting', key: 'limits.hwid', value: '5' }, status: 200 },
  { change: { guildId, type: 'limit', licenseId, limit: '0' }, status: 400 },
  { change: { guildId, type: 'limit', licenseId, limit: 'inherit' }, status: 200 },
];

let stale = 0;
async function expectStatus(status: number, what: string): Promise<void> {
  const answer = await check();
  if (answer.status === status) return;
  stale += 1;
  console.error(`stale after ${what}: ${String(answer.status)} ${answer.text}`);
}

const changer = fork(join(import.meta.dirname, 'changer.ts'), { env: place.env });
const confirmed = () =>
  new Promise<void>((resolve, reject) => {
    changer.once('message', (message: { ok: boolean; error?: string }) => {
      if (message.ok) resolve();
      else reject(new Error(`the change was refused: ${message.error ?? ''}`));
    });
  });
await confirmed();
await expectStatus(200, 'nothing');

for (let made = 0; made < changes; made += 1) {
  const step = steps[made % steps.length];
  if (!step) throw new Error('no step');
  changer.send(step.change);
  await confirmed();
  await expectStatus(step.status, step.change.type);
}
changer.disconnect();

for (let made = 0; made < commands; made += 1) {
  const command = made % 2 === 0 ? 'suspend' : 'resume';
  await latchkey(place, 'license', command, String(licenseId));
  await expectStatus(made % 2 === 0 ? 403 : 200, `latchkey license ${command}`);
}

client.close();
await server.end('SIGTERM');
await rm(place.dataDir, { recursive: true });
console.log(
  `${String(changes)} changes by another process and ${String(commands)} commands: ${String(stale)} stale answers`,
);
if (stale > 0) process.exit(1);
