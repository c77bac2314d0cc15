import { createUnknownKeyLimit, minuteOf } from '../../unknown-key-limit.ts';
import type { AttemptDocument } from '../documents.ts';
import { collectionOf, type Models } from '../models.ts';
import { duplicateFields } from '../errors.ts';

interface AttemptToStore {
  readonly attempt: AttemptDocument;
  /** Decided before, and perhaps stored: what it is now takes the place of what it was. */
  readonly isRepeat: boolean;
}

/** Stores the attempts of a group; settles when a majority has them. */
export type AttemptWriter = (attempts: readonly AttemptToStore[]) => Promise<void>;

const unordered = { ordered: false } as const;

/** One per process: what it has stored singly in this minute is remembered in memory. `newId` makes another id. */
export function createAttemptWriter({ attempts, attemptCounts }: Models, newId: () => number): AttemptWriter {
  const isOneTooMany = createUnknownKeyLimit();

  async function insert(documents: readonly AttemptDocument[]): Promise<void> {
    if (documents.length === 0) return;
    try {
      await collectionOf(attempts).insertMany([...documents], unordered);
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
      // Another process made the same ids, which is rare; the others are stored.
      const ids = documents.map(({ _id }) => _id);
      const foreign = await attempts
        .find({ _id: { $in: ids }, by: { $ne: documents[0]?.by ?? '' } })
        .select({ _id: 1 })
        .lean<{ readonly _id: number }[]>();
      const taken = new Set(foreign.map(({ _id }) => _id));
      await insert(documents.filter(({ _id }) => taken.has(_id)).map((one) => ({ ...one, _id: newId() })));
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
    // What is stored singly is not counted as well when it is decided again.
    const counted = new Set(
      group.filter(
        ({ attempt: { licenseId, guildId, at }, isRepeat }) =>
          !isRepeat && licenseId === null && isOneTooMany(guildId, at),
      ),
    );
    const single = group.filter((one) => !counted.has(one));
    const documentsOf = (some: readonly AttemptToStore[]) => some.map(({ attempt }) => attempt);
    await Promise.all([
      insert(documentsOf(single.filter(({ isRepeat }) => !isRepeat))),
      replace(documentsOf(single.filter(({ isRepeat }) => isRepeat))),
      count(documentsOf([...counted])),
    ]);
  };
}
