/**
 * Tests that the next check applies a confirmed change. A second process makes 1,000 changes of each kind (`--changes`) on
 * the same store, then the command line makes 20 more. As soon as a change is confirmed, every running server is sent a
 * check, whose answer must follow it. With `--store mongodb` three servers run. Finally 1,000 machines use one license for
 * the first time, at the same time on all servers; exactly as many as its limit may be bound. Exits with 1 otherwise.
 */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createInstallations } from './installations.ts';
import { createClient, latchkey, startProgram } from './program.ts';

/** A change that the second process makes. */
export type Change = { readonly guildId: string } & (
  | { readonly type: 'suspend' | 'resume'; readonly licenseId: number }
  | { readonly type: 'limit'; readonly licenseId: number; readonly limit: string }
  | { readonly type: 'setting'; readonly key: string; readonly value: string }
  | { readonly type: 'blacklist' | 'unblacklist'; readonly hwid: string }
);

const firstUses = 1_000;
const hwidLimit = 3;
const servers = 3;
const commands = 20;
const guildId = '100000000000000001';
const hwid = 'test-machine';

const { values } = parseArgs({
  options: { store: { type: 'string', default: 'sqlite' }, changes: { type: 'string', default: '1000' } },
});
const installations = await createInstallations(values.store, servers);
const [installation] = installations.all;
await latchkey(installation, 'guild', 'add', guildId, '--name', 'Reliability');
const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(
  installation,
  'apikey',
  'create',
  '--name',
  'reliability',
);
await latchkey(installation, 'product', 'add', 'Reliability', '--version', '1');
const { licenses } = await latchkey<{ licenses: { id: number; key: string }[] }>(
  installation,
  ...['license', 'issue', '--product', 'Reliability', '--amount', '2', '--ip-limit', 'unlimited'],
);
const [license, contested] = licenses;
if (!license || !contested) throw new Error('no license');
const { id: licenseId } = license;
await latchkey(installation, 'license', 'edit', String(contested.id), '--hwid-limit', String(hwidLimit));

const running = await Promise.all(installations.all.map((one) => startProgram(one)));
const clients = installations.all.map((one) => createClient(one, apiKey.secret, 64));
type Client = (typeof clients)[number];
const check = (client: Client, licensekey: string, machine: string) =>
  client.check({ product: 'Reliability', version: '1', licensekey, ip: '203.0.113.1', hwid: machine });

/** Pairs of changes that undo each other, each with the HTTP status that the check after it must have. */
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
  const answers = await Promise.all(clients.map((client) => check(client, license?.key ?? '', hwid)));
  for (const answer of answers) {
    if (answer.status === status) continue;
    stale += 1;
    console.error(`stale after ${what}: ${String(answer.status)} ${answer.text}`);
  }
}

const changer = fork(join(import.meta.dirname, 'changer.ts'), { env: installation.env });
const confirmed = () =>
  new Promise<void>((resolve, reject) => {
    changer.once('message', (message: { ok: boolean; error?: string }) => {
      if (message.ok) resolve();
      else reject(new Error(`the change failed: ${message.error ?? ''}`));
    });
  });
await confirmed();
await expectStatus(200, 'nothing');

// A kind of change is a pair of steps, so each step is made half as often.
const changes = (Number(values.changes) * steps.length) / 2;
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
  await latchkey(installation, 'license', command, String(licenseId));
  await expectStatus(made % 2 === 0 ? 403 : 200, `latchkey license ${command}`);
}

const uses = Array.from({ length: firstUses }, (_, use) => {
  const client = clients[use % clients.length];
  if (!client) throw new Error('no client');
  return check(client, contested.key, `machine-${String(use)}`);
});
const bound = (await Promise.all(uses)).filter(({ status }) => status === 200).length;

for (const client of clients) client.close();
for (const server of running) await server.end('SIGTERM');
await installations.remove();
console.log(
  `${String(changes)} changes by another process and ${String(commands)} commands, each checked on ` +
    `${String(clients.length)} server${clients.length === 1 ? '' : 's'}: ${String(stale)} stale answers\n` +
    `${String(firstUses)} first uses at once at a limit of ${String(hwidLimit)}: ${String(bound)} bound`,
);
if (stale > 0 || bound !== hwidLimit) process.exit(1);
