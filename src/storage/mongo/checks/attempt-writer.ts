import { createUnknownKeyLimit, minuteOf } from '../../unknown-key-limit.ts';
import type { AttemptDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import type { AttemptId } from '../ids.ts';
import { collectionOf, type Models } from '../database/models.ts';

interface AttemptToStore {
  readonly attempt: AttemptDocument;
  /** The check was decided before, and that attempt may be stored: this one replaces it. */
  readonly isRepeat: boolean;
}

/** Stores the attempts of a group; resolves when a majority has confirmed them. */
export type AttemptWriter = (attempts: readonly AttemptToStore[]) => Promise<void>;

const unordered = { ordered: false } as const;

/**
 * One per process: it remembers how many attempts without a license it has stored in the current minute, and only
 * counts those above the limit. `newId` makes another id for an attempt whose id another process has used.
 */
export function createAttemptWriter({ attempts, attemptCounts }: Models, newId: () => AttemptId): AttemptWriter {
  const isOverLimit = createUnknownKeyLimit();

  async function insert(documents: readonly AttemptDocument[]): Promise<void> {
    if (documents.length === 0) return;
    try {
      await collectionOf(attempts).insertMany([...documents], unordered);
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
      // Another process has made some of the same ids, which is rare. All other attempts are stored.
      const stored = await attempts
        .find({ _id: { $in: documents.map(({ _id }) => _id) } })
        .select({ _id: 1, by: 1 })
        .lean<{ readonly _id: number; readonly by: string }[]>();
      const makers = new Map(stored.map(({ _id, by }) => [_id, by]));
      const taken = documents.filter(({ _id, by }) => makers.has(_id) && makers.get(_id) !== by);
      await insert(
        taken.map((attempt) => {
          const { id, by } = newId();
          return { ...attempt, _id: id, by };
        }),
      );
    }
  }

  async function replace(documents: readonly AttemptDocument[]): Promise<void> {
    if (documents.length === 0) return;
    const replacements = documents.map(({ _id, ...replacement }) => {
      return { replaceOne: { filter: { _id, by: replacement.by }, replacement, upsert: true } };
    });
    await collectionOf(attempts).bulkWrite(replacements, unordered);
  }

  async function count(documents: readonly AttemptDocument[]): Promise<void> {
    if (documents.length === 0) return;
    const increments = documents.map(({ guildId, protocol, result, at }) => {
      const minute = minuteOf(at);
      const fields = { guildId, minute: new Date(minute), protocol, result };
      const filter = { _id: [guildId, minute, protocol, result].join(' ') };
      return { updateOne: { filter, update: { $inc: { count: 1 }, $setOnInsert: fields }, upsert: true } };
    });
    await collectionOf(attemptCounts).bulkWrite(increments, unordered);
  }

  return async (group) => {
    // An attempt that may be stored already is never counted as well when its check is decided again.
    const counted = new Set(
      group.filter(
        ({ attempt: { licenseId, guildId, at }, isRepeat }) =>
          !isRepeat && licenseId === null && isOverLimit(guildId, at),
      ),
    );
    const stored = group.filter((attempt) => !counted.has(attempt));
    const documentsOf = (selected: readonly AttemptToStore[]) => selected.map(({ attempt }) => attempt);
    await Promise.all([
      insert(documentsOf(stored.filter(({ isRepeat }) => !isRepeat))),
      replace(documentsOf(stored.filter(({ isRepeat }) => isRepeat))),
      count(documentsOf([...counted])),
    ]);
  };
}
