/**
 * Tests that every answered check is recorded. The server is killed with SIGKILL under load, several times. Afterwards
 * every answer that a client received must be in the store, and no slot may have been given twice. `--store mongodb` tests
 * a replica set with one member. Exits with 1 otherwise.
 */
import { parseArgs } from 'node:util';
import { createInstallations } from './installations.ts';
import { createClient, latchkey, startProgram } from './program.ts';
import { compareWithStore } from './compare-with-store.ts';

const rounds = 4;
const connections = 32;
const hwidLimit = 3;

const { values } = parseArgs({ options: { store: { type: 'string', default: 'sqlite' } } });
const installations = await createInstallations(values.store, 1);
const [installation] = installations.all;
const answered = new Map<string, string>();
let sequence = 0;

await latchkey(installation, 'guild', 'add', '100000000000000001', '--name', 'Reliability');
const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(
  installation,
  'apikey',
  'create',
  '--name',
  'reliability',
);
await latchkey(installation, 'product', 'add', 'Load', '--version', '1');
const { licenses } = await latchkey<{ licenses: { id: number; key: string }[] }>(
  installation,
  'license',
  'issue',
  '--product',
  'Load',
  '--amount',
  '20',
  '--ip-limit',
  'unlimited',
  '--hwid-limit',
  String(hwidLimit),
);

for (let round = 0; round < rounds; round += 1) {
  const server = await startProgram(installation);
  const client = createClient(installation, apiKey.secret, connections);
  const killAfter = answered.size + 800 + 400 * round;
  let dead = false;
  const isDead = () => dead;
  const load = Array.from({ length: connections }, async () => {
    while (!isDead()) {
      sequence += 1;
      const name = `request-${String(sequence)}`;
      const license = licenses[sequence % licenses.length];
      if (!license) throw new Error('no license');
      try {
        const answer = await client.check(
          {
            product: 'Load',
            version: '1',
            licensekey: license.key,
            ip: '203.0.113.1',
            hwid: `machine-${String(sequence % 7)}`,
          },
          name,
        );
        answered.set(name, answer.status === 200 ? 'granted' : 'hwid-limit');
        if (answer.status !== 200 && !answer.text.includes('Maximum number of HWIDs reached')) {
          throw new Error(`unexpected answer ${String(answer.status)} ${answer.text}`);
        }
      } catch (error) {
        if (!isDead()) throw error;
      }
      // The other connections have checks in progress when the server is killed.
      if (answered.size >= killAfter && !isDead()) {
        dead = true;
        await server.end('SIGKILL');
      }
    }
  });
  await Promise.all(load);
  client.close();
}

const { stored, missing, overIssued } = await compareWithStore(installation, answered, licenses, hwidLimit);
await installations.remove();

console.log(
  `${String(rounds)} kills: ${String(answered.size)} answers received, ${String(stored)} attempts stored, ` +
    `${String(missing)} answers missing, ${String(overIssued)} licenses over their limit`,
);
if (missing > 0 || overIssued > 0 || answered.size < 800 * rounds) process.exit(1);
