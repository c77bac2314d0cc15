import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { latchkey, createInstallation, startProgram } from '../test/reliability/program.ts';
import { rm } from 'node:fs/promises';
import { type BenchOptions, createShop, measure, median } from './load.ts';

const connections = 32;

/**
 * Measures checks that request a signature, compared to the signatures per second of one core by `openssl speed`, and how
 * much these checks slow down other checks.
 */
export async function benchChallenges({ seconds, rounds }: BenchOptions): Promise<void> {
  const installation = await createInstallation({ LATCHKEY_RATE_LIMIT_LICENSEGATE: '0' });
  const { requests, keys } = await createShop(installation, 100);
  const { guild } = await latchkey<{ guild: { userId: string } }>(installation, 'guild', 'show');
  const challenges = keys.map((key) => ({
    method: 'POST' as const,
    path: `/license/${guild.userId}/${key}/verify`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ challenge: randomBytes(32).toString('hex') }),
  }));
  const server = await startProgram(installation);
  const others = requests.slice(0, 1);
  await measure(installation.port, connections, 1, challenges);
  await measure(installation.port, 1, 1, others);

  const signed: number[] = [];
  const baselines: number[] = [];
  const alone: number[] = [];
  const underLoad: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    baselines.push(await signaturesOfOneCore(seconds));
    signed.push((await measure(installation.port, connections, seconds, challenges)).perSecond);
    alone.push((await measure(installation.port, 1, seconds, others)).p99Ms);
    const [loaded] = await Promise.all([
      measure(installation.port, 1, seconds, others),
      measure(installation.port, connections, seconds, challenges),
    ]);
    underLoad.push(loaded.p99Ms);
  }
  console.log(
    `checks with a challenge: ${median(signed).toFixed(0)} a second; openssl signs ` +
      `${median(baselines).toFixed(0)} a second on one core; ratio ` +
      median(signed.map((one, round) => one / (baselines[round] ?? Number.NaN))).toFixed(2),
  );
  console.log(
    `other checks: p99 ${median(alone).toFixed(0)} ms alone, ${median(underLoad).toFixed(0)} ms while challenges are signed`,
  );
  await server.end('SIGTERM');
  await rm(installation.dataDir, { recursive: true });
}

/**
 * The last line of `openssl speed` has the seconds for one signature and for one verification, then how many of each it
 * makes per second. The first value without the unit `s` is the number of signatures.
 */
async function signaturesOfOneCore(seconds: number): Promise<number> {
  const { stdout } = await promisify(execFile)('openssl', ['speed', '-seconds', String(seconds), 'rsa2048']);
  const line = /^rsa\s*2048 bits\s+(.+)$/m.exec(stdout)?.[1] ?? '';
  const perSecond = line
    .trim()
    .split(/\s+/)
    .find((cell) => !cell.endsWith('s'));
  return Number(perSecond);
}
