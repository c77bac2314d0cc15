import type { Change } from '../documents.ts';
import type { Models } from '../models.ts';

/** How many of the newest changes the change log names; who is further behind loads everything. */
const changeLogSize = 500;

/** After the changes are stored: the next check on every process reloads what they name. One write for all of them. */
export async function raiseBundleVersion(models: Models, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await models.bundleVersion.updateOne(
    { _id: 'current' },
    { $inc: { value: changes.length }, $push: { changeLog: { $each: [...changes], $slice: -changeLogSize } } },
    { upsert: true },
  );
}

/** The bundle version as of now, and the changes since `after`, oldest first; null where the change log no longer names them all. */
export async function readChanges(
  models: Models,
  after: number,
): Promise<{ readonly bundleVersion: number; readonly changes: readonly Change[] | null }> {
  const found = await models.bundleVersion.findById('current').lean();
  const bundleVersion = found?.value ?? 0;
  // Infinity: nothing was ever read.
  const missed = bundleVersion - after;
  const changeLog = found?.changeLog ?? [];
  return {
    bundleVersion,
    changes: missed < 0 || missed > changeLog.length ? null : changeLog.slice(changeLog.length - missed),
  };
}
