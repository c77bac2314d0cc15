import type { Change } from '../documents.ts';
import { collectionOf, type Models } from '../database/models.ts';
import { batchesOf } from './batches.ts';

/** How many changes the document of the bundle version keeps. Each change writes all of them. */
const newestChanges = 500;
/** So many changes are kept in a collection. A process that missed more of them loads everything again. */
const keptChanges = 10_000;

/**
 * Raises the bundle version by the number of changes and appends them to the change log, in one write. It is called
 * after the changes are stored: the next check on every process then reloads what they name.
 */
export async function raiseBundleVersion(models: Models, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const raised = await models.bundleVersion
    .findOneAndUpdate(
      { _id: 'current' },
      { $inc: { value: changes.length }, $push: { changeLog: { $each: [...changes], $slice: -newestChanges } } },
      { upsert: true, returnDocument: 'after', projection: { value: 1 } },
    )
    .lean();
  await keepChanges(models, raised?.value ?? 0, changes);
}

/**
 * Also keeps the changes one by one, for processes that are further behind than the document goes back. Where a process
 * died before it did so, one of the numbers is missing, and such a process loads everything again.
 */
async function keepChanges(models: Models, bundleVersion: number, changes: readonly Change[]): Promise<void> {
  const before = bundleVersion - changes.length;
  const documents = changes.map((change, index) => ({ _id: before + index + 1, ...change }));
  await collectionOf(models.changes).insertMany(documents, { ordered: false });
  const removedAtOnce = newestChanges;
  if (Math.floor(before / removedAtOnce) === Math.floor(bundleVersion / removedAtOnce)) return;
  await models.changes.deleteMany({ _id: { $lte: bundleVersion - keptChanges } });
}

/**
 * Reads the bundle version and the changes since `after`, oldest first; null when not all of them are kept any more.
 */
export async function readChanges(
  models: Models,
  after: number,
): Promise<{ readonly bundleVersion: number; readonly changes: readonly Change[] | null }> {
  const found = await models.bundleVersion.findById('current').lean();
  const bundleVersion = found?.value ?? 0;
  // Negative when `after` is Infinity (nothing was read yet) or comes from a primary whose last changes were rolled
  // back.
  const missed = bundleVersion - after;
  const changeLog = found?.changeLog ?? [];
  if (missed < 0 || missed > keptChanges) return { bundleVersion, changes: null };
  if (missed <= changeLog.length) return { bundleVersion, changes: changeLog.slice(changeLog.length - missed) };
  const older = await readKept(models, after, bundleVersion - changeLog.length);
  return { bundleVersion, changes: older && [...older, ...changeLog] };
}

/** The changes after one bundle version up to another; null: some of them are not kept. */
async function readKept(models: Models, after: number, upTo: number): Promise<readonly Change[] | null> {
  const found: Change[] = [];
  const between = { _id: { $gt: after, $lte: upTo } };
  for await (const batch of batchesOf(models.changes, between, ['guildId', 'kind', 'ref'])) {
    found.push(...batch.map(({ guildId, kind, ref }) => ({ guildId, kind, ref })));
  }
  return found.length === upTo - after ? found : null;
}
