import type { CopyRecords } from '../../copy/port.ts';
import type { AlertDocument, AttemptDocument } from '../documents.ts';
import { statisticId } from '../attempt-statistics.ts';
import { attemptIdAt } from '../ids.ts';
import type { Models } from '../database/models.ts';
import { withAllFields } from '../stored-fields.ts';
import { type CollectionAdapters, createCollectionAdapter, withId, withoutId } from './collection-adapter.ts';

type RecordAdapters = CollectionAdapters<
  'attempts' | 'attemptCounts' | 'attemptStatistics' | 'rejectedRequests' | 'audit' | 'alerts'
>;
type AlertRecord = CopyRecords['alerts'];

/** Stored instead of the process that made an attempt, and of the outbox entry that an audit event came from. */
const copyOrigin = 'copy-store';

/** The id of the attempt at this position in their order, from 1; position 0, before the first, has the id 0. */
export async function attemptIdOf({ attempts }: Models, position: number): Promise<number> {
  if (position === 0) return 0;
  const found = await attempts
    .findOne()
    .sort({ _id: 1 })
    .skip(position - 1)
    .select({ _id: 1 })
    .lean<{ readonly _id: number }>();
  return found?._id ?? 0;
}

/**
 * The adapters for attempts, counts, audit events and alerts. `startedAt` resolves to when the copy began, also when it
 * was cut off and goes on.
 */
export function createRecordAdapters(models: Models, startedAt: () => Promise<Date>): RecordAdapters {
  let last = { position: 0, id: 0 };

  /**
   * Gives the attempts ids that ascend in their order, each at least the lowest id of its instant; this holds also when
   * a clock was set back between two of them. No id lies far behind the beginning of the copy, because new attempts
   * will have ids from then on.
   */
  async function attemptDocuments(
    records: readonly CopyRecords['attempts'][],
    firstPosition: number,
  ): Promise<readonly AttemptDocument[]> {
    const latest = (await startedAt()).getTime();
    const before = firstPosition - 1;
    if (last.position !== before) last = { position: before, id: await attemptIdOf(models, before) };
    return records.map((attempt) => {
      const lowest = attemptIdAt(new Date(Math.min(attempt.at.getTime(), latest)));
      last = { position: last.position + 1, id: Math.max(last.id + 1, lowest) };
      return { _id: last.id, by: copyOrigin, ...attempt };
    });
  }

  /** Sets `after` of each alert to the previous one of the same guild, kind and subject. */
  async function alertDocuments(records: readonly AlertRecord[]): Promise<readonly AlertDocument[]> {
    const before = new Map<string, number>();
    const documents: AlertDocument[] = [];
    for (const { id: _id, ...alert } of records) {
      const { guildId, kind, subject } = alert;
      const name = JSON.stringify([guildId, kind, subject]);
      const after = before.get(name) ?? (await alertBefore(_id, { guildId, kind, subject }));
      before.set(name, _id);
      documents.push({ _id, ...alert, after });
    }
    return documents;
  }

  async function alertBefore(id: number, same: Pick<AlertRecord, 'guildId' | 'kind' | 'subject'>): Promise<number> {
    const earlier = models.alerts.findOne({ ...same, after: { $lt: id }, _id: { $lt: id } });
    const found = await earlier.sort({ after: -1 }).select({ _id: 1 }).lean<{ readonly _id: number }>();
    return found?._id ?? 0;
  }

  return {
    attempts: createCollectionAdapter(models, 'attempts', {
      collection: 'attempts',
      omit: { by: 0 },
      recordOf: (stored) => withAllFields(withoutId(stored)),
      documentsOf: attemptDocuments,
    }),

    attemptCounts: createCollectionAdapter(models, 'attemptCounts', {
      collection: 'attemptCounts',
      omit: {},
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((record) => {
          const { guildId, minute, protocol, result } = record;
          return { _id: [guildId, minute.getTime(), protocol, result].join(' '), ...record };
        }),
    }),

    attemptStatistics: createCollectionAdapter(models, 'attemptStatistics', {
      collection: 'attemptStatistics',
      omit: {},
      recordOf: withoutId,
      documentsOf: (records) => records.map((record) => ({ _id: statisticId(record), ...record })),
    }),

    rejectedRequests: createCollectionAdapter(models, 'rejectedRequests', {
      collection: 'rejectedRequests',
      omit: {},
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((record) => {
          const { minute, observedIp, protocol, kind } = record;
          return { _id: [minute.getTime(), observedIp, protocol, kind].join(' '), ...record };
        }),
    }),

    audit: createCollectionAdapter(models, 'audit', {
      collection: 'audit',
      omit: { source: 0, storedAt: 0 },
      recordOf: withId,
      documentsOf: async (records) => {
        const storedAt = await startedAt();
        return records.map(({ id: _id, ...event }) => ({ _id, ...event, source: `${copyOrigin} ${_id}`, storedAt }));
      },
    }),

    alerts: createCollectionAdapter(models, 'alerts', {
      collection: 'alerts',
      omit: { after: 0 },
      recordOf: withId,
      documentsOf: alertDocuments,
    }),
  };
}
