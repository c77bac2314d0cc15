/**
 * Measures what checks cost next to baselines on the same machine, and what everything else does to them.
 * docs/performance.md says how to read the results, and CONTRIBUTING.md how to measure.
 *
 *   npm run bench -- [--quick] [--only tki,refused] [--connections 32,128] [--write]
 *                    [--seconds 2] [--rounds 5] [--licenses 10000,1000000] [--blacklist 100000] [--attempts 10000000]
 *   npm run bench -- --store mongodb [--members 1]
 *   npm run bench -- --growth [--store mongodb] [--operations license] [--profile]
 *   npm run bench -- --challenges
 *   npm run bench -- --floods
 *   npm run bench -- --report bench/results/2030-01-31.json
 */
import { measureFloods } from './floods.ts';
import { measureGrowth } from './growth/measure-growth.ts';
import { measureMongodb } from './measurements/measure-mongodb.ts';
import { measureSqlite } from './measurements/measure-sqlite.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { describePart } from './report/performance-page.ts';
import type { PartName } from './report/results.ts';
import { createPart, type Measured, storePart, writeReport } from './report/store-results.ts';

const options = readOptions(process.argv.slice(2), (doing) => {
  process.stderr.write(`  ${doing}\n`);
});

async function finish(name: PartName, measured: Partial<Measured>): Promise<void> {
  const part = await createPart(name, options, { sets: [], figures: [], operations: [], ...measured });
  console.log(describePart(part));
  if (options.isStored) console.log(`\nWritten to ${await storePart(part)} and docs/performance.md.`);
  if (part.operations.some(({ problem }) => problem !== null)) process.exitCode = 1;
}

async function run({ store, members }: BenchOptions): Promise<void> {
  if (options.report !== null) await writeReport(options.report);
  else if (options.run === 'floods') await measureFloods(options);
  else if (options.run === 'growth') {
    const operations = await measureGrowth(options);
    await finish(store === 'sqlite' ? 'growth' : 'growth-mongodb', { operations });
  } else if (store === 'sqlite') await finish('sqlite', await measureSqlite(options));
  else await finish(members === 1 ? 'mongodb-1' : 'mongodb-3', await measureMongodb(options, members));
}

// Servers and copies of stores are removed when this process exits, which a signal alone would not let it do.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

await run(options);
