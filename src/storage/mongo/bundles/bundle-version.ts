import type { Change } from '../documents.ts';
import type { Models } from '../database/models.ts';

/** How many changes the change log keeps. A process that missed more of them loads everything again. */
const changeLogSize = 500;

/**
 * Raises the bundle version by the number of changes and appends them to the change log, in one write. It is called
 * after the changes are stored: the next check on every process then reloads what they name.
 */
export async function raiseBundleVersion(models: Models, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await models.bundleVersion.updateOne(
    { _id: 'current' },
    { $inc: { value: changes.length }, $push: { changeLog: { $each: [...changes], $slice: -changeLogSize } } },
    { upsert: true },
  );
}

/**
 * Reads the bundle version and the changes since `after`, oldest first; null when the change log no longer has them
 * all.
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
  return {
    bundleVersion,
    changes: missed < 0 || missed > changeLog.length ? null : changeLog.slice(changeLog.length - missed),
  };
}
