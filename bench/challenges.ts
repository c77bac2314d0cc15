import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { latchkey, makePlace, startProgram } from '../test/reliability/program.ts';
import { rm } from 'node:fs/promises';
import { type BenchOptions, makeShop, measure, median } from './load.ts';

const connections = 32;

/**
 * Checks that ask for a signature, beside what one core signs by `openssl speed`; and how fast other checks are answered
 * without and with them.
 */
export async function benchChallenges({ seconds, rounds }: BenchOptions): Promise<void> {
  const place = await makePlace({ LATCHKEY_RATE_LIMIT_LICENSEGATE: '0' });
  const { requests, keys } = await makeShop(place, 100);
  const { guild } = await latchkey<{ guild: { userId: string } }>(place, 'guild', 'show');
  const challenges = keys.map((key) => ({
    method: 'POST' as const,
    path: `/license/${guild.userId}/${key}/verify`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ challenge: randomBytes(32).toString('hex') }),
  }));
  const server = await startProgram(place);
  const others = requests.slice(0, 1);
  await measure(place.port, connections, 1, challenges);
  await measure(place.port, 1, 1, others);

  const signed: number[] = [];
  const yardsticks: number[] = [];
  const alone: number[] = [];
  const beside: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    yardsticks.push(await signaturesOfOneCore(seconds));
    signed.push((await measure(place.port, connections, seconds, challenges)).perSecond);
    alone.push((await measure(place.port, 1, seconds, others)).p99Ms);
    const [besides] = await Promise.all([
      measure(place.port, 1, seconds, others),
      measure(place.port, connections, seconds, challenges),
    ]);
    beside.push(besides.p99Ms);
  }
  console.log(
    `checks with a challenge: ${median(signed).toFixed(0)} a second; openssl signs ` +
      `${median(yardsticks).toFixed(0)} a second on one core; ratio ` +
      median(signed.map((one, round) => one / (yardsticks[round] ?? Number.NaN))).toFixed(2),
  );
  console.log(`other checks: p99 ${median(alone).toFixed(0)} ms alone, ${median(beside).toFixed(0)} ms beside them`);
  await server.end('SIGTERM');
  await rm(place.dataDir, { recursive: true });
}

/** Its last line: seconds for one signature and one verification, then how many of each a second. */
async function signaturesOfOneCore(seconds: number): Promise<number> {
  const { stdout } = await promisify(execFile)('openssl', ['speed', '-seconds', String(seconds), 'rsa2048']);
  const line = /^rsa\s*2048 bits\s+(.+)$/m.exec(stdout)?.[1] ?? '';
  const perSecond = line
    .trim()
    .split(/\s+/)
    .find((cell) => !cell.endsWith('s'));
  return Number(perSecond);
}
