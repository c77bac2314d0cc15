/**
 * Answered means recorded: the server is killed with SIGKILL under load, several times, and every answer that a client
 * received must be in the store (`--store mongodb`: a replica set of one), with no slot given twice. Exits with 1 where one is missing.
 */
import { parseArgs } from 'node:util';
import { openPlaces } from './installations.ts';
import { createClient, latchkey, startProgram } from './program.ts';
import { judge } from './compare-with-store.ts';

const rounds = 4;
const connections = 32;
const hwidLimit = 3;

const { values } = parseArgs({ options: { store: { type: 'string', default: 'sqlite' } } });
const places = await openPlaces(values.store, 1);
const [place] = places.all;
const answered = new Map<string, string>();
let sequence = 0;

await latchkey(place, 'guild', 'add', '100000000000000001', '--name', 'Proof');
const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(place, 'apikey', 'create', '--name', 'proof');
await latchkey(place, 'product', 'add', 'Load', '--version', '1');
const { licenses } = await latchkey<{ licenses: { id: number; key: string }[] }>(
  place,
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
  const server = await startProgram(place);
  const client = createClient(place, apiKey.secret, connections);
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
      // The kill falls into the middle of whatever the others have under way.
      if (answered.size >= killAfter && !isDead()) {
        dead = true;
        await server.end('SIGKILL');
      }
    }
  });
  await Promise.all(load);
  client.close();
}

const { stored, missing, overIssued } = await judge(place, answered, licenses, hwidLimit);
await places.remove();

console.log(
  `${String(rounds)} kills: ${String(answered.size)} answers received, ${String(stored)} attempts stored, ` +
    `${String(missing)} answers missing, ${String(overIssued)} licenses over their limit`,
);
if (missing > 0 || overIssued > 0 || answered.size < 800 * rounds) process.exit(1);
