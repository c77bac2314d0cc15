import {
  copyKinds,
  type CopyKind,
  type CopyProgress,
  type CopySource,
  type CopyTarget,
  describeUnfinishedCopy,
} from './port.ts';
import { type Checksum, checksumOf, digestOf } from './checksum.ts';

/** Reported after each page. `done` and `total` count records; comparing reads the records of both stores. */
export interface CopyStep {
  readonly doing: 'copying' | 'comparing';
  readonly kind: CopyKind;
  readonly done: number;
  readonly total: number;
}

export interface CopyOptions {
  readonly source: CopySource;
  readonly target: CopyTarget;
  readonly now: () => Date;
  readonly onStep: (step: CopyStep) => void;
}

export type CopyChecksums = Readonly<Record<CopyKind, Checksum>>;

/**
 * Copies everything into a target that is empty or holds an unfinished copy of this source, and then compares both.
 * Resolves with the checksums of the copy. Rejects with one sentence where the copy is not possible or differs; the
 * records copied so far stay in the target, and the next call continues with them if the source has not changed.
 */
export async function copyStore(options: CopyOptions): Promise<CopyChecksums> {
  const { source, target } = options;
  const sourceDigest = await digestOf(source);
  let progress = await prepareTarget(options, sourceDigest);
  while (progress.kind !== null) progress = await copyKind(options, progress, progress.kind);
  const { copied, problem } = await compare(options, sourceDigest);
  if (problem !== null) {
    // The empty digest makes the next call remove the copied records and start over.
    await target.setProgress({ ...progress, sourceDigest: '' });
    throw new Error(problem);
  }
  await target.finish();
  return copied;
}

/** The progress from which the copy continues. */
async function prepareTarget({ source, target, now }: CopyOptions, sourceDigest: string): Promise<CopyProgress> {
  const found = await target.progress();
  if (found && found.source !== source.name) throw new Error(describeUnfinishedCopy(target.name, found.source));
  if (found?.sourceDigest === sourceDigest) return found;
  if (!found) await requireEmpty(target);
  const beginning = {
    source: source.name,
    sourceDigest: '',
    startedAt: now().getTime(),
    kind: copyKinds[0] ?? null,
    after: null,
    written: 0,
  };
  await target.setProgress(beginning);
  // If the process dies while records are removed, the empty digest makes the next call remove the others.
  if (found) await target.clear();
  const first = { ...beginning, sourceDigest };
  await target.setProgress(first);
  return first;
}

async function requireEmpty(target: CopyTarget): Promise<void> {
  for (const kind of copyKinds) {
    // Every store has a bundle version, also an empty one.
    if (kind === 'bundleVersion' || (await target.count(kind)) === 0) continue;
    throw new Error(`${target.name} is not empty: a store is copied into an empty one only.`);
  }
}

async function copyKind(
  { source, target, onStep }: CopyOptions,
  start: CopyProgress,
  kind: CopyKind,
): Promise<CopyProgress> {
  const total = await source.count(kind);
  let progress = start;
  while (progress.kind === kind) {
    const { records, next } = await source.read(kind, progress.after);
    const done = progress.written + records.length;
    const reached: CopyProgress =
      next === null
        ? { ...progress, kind: copyKinds[copyKinds.indexOf(kind) + 1] ?? null, after: null, written: 0 }
        : { ...progress, after: next, written: done };
    await target.write(kind, records, progress, reached);
    progress = reached;
    onStep({ doing: 'copying', kind, done, total });
  }
  return progress;
}

interface Comparison {
  readonly copied: CopyChecksums;
  /** What is wrong with the copy, as one sentence. null: both stores hold the same records. */
  readonly problem: string | null;
}

async function compare({ source, target, onStep }: CopyOptions, sourceDigest: string): Promise<Comparison> {
  await source.refresh();
  const copied: Partial<Record<CopyKind, Checksum>> = {};
  const different: CopyKind[] = [];
  for (const kind of copyKinds) {
    const total = 2 * (await source.count(kind));
    let done = 0;
    const onPage = (records: number) => {
      done += records;
      onStep({ doing: 'comparing', kind, done, total });
    };
    const [from, to] = [await checksumOf(source, kind, onPage), await checksumOf(target, kind, onPage)];
    if (from.count !== to.count || from.sum !== to.sum) different.push(kind);
    copied[kind] = to;
  }
  await source.refresh();
  const isChanged = (await digestOf(source)) !== sourceDigest;
  const problem = isChanged
    ? `${source.name} was changed while it was copied: stop everything that uses it, and run this again.`
    : different.length > 0
      ? `The copy differs from ${source.name} in ${different.join(', ')}: run this again.`
      : null;
  return { copied: copied as CopyChecksums, problem };
}
