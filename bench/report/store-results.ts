import { execFile } from 'node:child_process';
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { root } from '../../test/reliability/program.ts';
import type { BenchOptions } from '../options.ts';
import { mergeParts } from './merge-parts.ts';
import { describeResults } from './performance-page.ts';
import { drawPlot } from './plot.ts';
import type { Part, PartName, Results } from './results.ts';

const folder = join(root, 'bench', 'results');

export type Measured = Pick<Part, 'sets' | 'figures' | 'operations'>;

/** What was measured, with when, where and how. */
export async function createPart(name: PartName, options: BenchOptions, measured: Measured): Promise<Part> {
  const { seconds, rounds, licenses, blacklist, attempts } = options;
  const { few, many } = licenses;
  const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: root });
  const [first, ...others] = cpus();
  return {
    name,
    date: new Date().toISOString(),
    commit: stdout.trim(),
    machine: { cpu: first?.model ?? 'unknown', cores: others.length + 1, node: process.versions.node },
    seconds,
    rounds,
    licenses: name === 'sqlite' ? [...new Set([few, many])] : [name.startsWith('growth') ? many : few],
    blacklist,
    attempts,
    ...measured,
  };
}

/** Puts a part into the newest results file, which gets the name of its day, and makes the page of it. */
export async function storePart(part: Part): Promise<string> {
  const former = await newestFile();
  const results = mergeParts(former === null ? { parts: [] } : await readResults(former), part);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${part.date.slice(0, 10)}.json`);
  await writeFormatted(file, JSON.stringify(results, roundNumbers));
  if (former !== null && former !== file) await rm(former);
  await writeReport(file);
  return file;
}

/** Makes docs/performance.md and its plot of a results file. */
export async function writeReport(file: string): Promise<void> {
  const results = await readResults(file);
  await writeFormatted(join(root, 'docs', 'performance.md'), describeResults(results));
  await writeFile(join(root, 'docs', 'performance.svg'), drawPlot(results));
}

async function newestFile(): Promise<string | null> {
  const files: string[] = [];
  for await (const name of glob('*.json', { cwd: folder })) files.push(join(folder, name));
  return files.sort().at(-1) ?? null;
}

async function readResults(file: string): Promise<Results> {
  return JSON.parse(await readFile(file, 'utf8')) as Results;
}

/** Written as the formatter of the repository wants it. */
async function writeFormatted(file: string, text: string): Promise<void> {
  const options = await resolveConfig(file);
  await writeFile(file, await format(text, { ...options, filepath: file }));
}

/** Four significant digits are more than a load can say. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
