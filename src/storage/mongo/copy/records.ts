import type { CopyRecords } from '../../copy/port.ts';
import { type CollectionAdapters, createCollectionAdapter, withId, withoutId } from './collection-adapter.ts';
import type { Models } from '../models.ts';
import { attemptIdAt } from '../ids.ts';

type RecordAdapters = CollectionAdapters<'attempts' | 'attemptCounts' | 'rejectedRequests' | 'audit' | 'alerts'>;
type AlertRecord = CopyRecords['alerts'];

/** In the place of the process that made an attempt, or of the change that left an audit event. */
const copyOrigin = 'copy-store';

/** The id of the attempt at this place in their order, 1 being the first; 0: before the first. */
export async function attemptIdOf({ attempts }: Models, place: number): Promise<number> {
  if (place === 0) return 0;
  const found = await attempts
    .findOne()
    .sort({ _id: 1 })
    .skip(place - 1)
    .select({ _id: 1 })
    .lean<{ readonly _id: number }>();
  return found?._id ?? 0;
}

/** What happened. `startedAt` tells when the copy began, however often it was cut off. */
export function createRecordAdapters(models: Models, startedAt: () => Promise<Date>): RecordAdapters {
  let last = { place: 0, id: 0 };

  /**
   * Ids ascend in the order of the attempts and are no lower than one of that instant can be, also where a clock was
   * set back. None lies much behind the copy's begin: new ones will be there.
   */
  async function attemptDocuments(records: readonly CopyRecords['attempts'][], place: number) {
    const latest = (await startedAt()).getTime();
    if (last.place !== place - 1) last = { place: place - 1, id: await attemptIdOf(models, place - 1) };
    return records.map((attempt) => {
      const lowest = attemptIdAt(new Date(Math.min(attempt.at.getTime(), latest)));
      last = { place: last.place + 1, id: Math.max(last.id + 1, lowest) };
      return { _id: last.id, by: copyOrigin, ...attempt };
    });
  }

  /** Each names the one before it of the same guild, kind and subject. */
  async function alertDocuments(records: readonly AlertRecord[]): Promise<readonly object[]> {
    const before = new Map<string, number>();
    const documents: object[] = [];
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
      omit: ['by'],
      recordOf: withoutId,
      documentsOf: attemptDocuments,
    }),

    attemptCounts: createCollectionAdapter(models, 'attemptCounts', {
      collection: 'attemptCounts',
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((one) => {
          return { _id: [one.guildId, one.minute.getTime(), one.protocol, one.result].join(' '), ...one };
        }),
    }),

    rejectedRequests: createCollectionAdapter(models, 'rejectedRequests', {
      collection: 'rejectedRequests',
      recordOf: withoutId,
      documentsOf: (records) =>
        records.map((one) => {
          return { _id: [one.minute.getTime(), one.observedIp, one.protocol, one.kind].join(' '), ...one };
        }),
    }),

    audit: createCollectionAdapter(models, 'audit', {
      collection: 'audit',
      omit: ['source', 'storedAt'],
      recordOf: withId,
      documentsOf: async (records) => {
        const storedAt = await startedAt();
        return records.map(({ id: _id, ...event }) => ({ _id, ...event, source: `${copyOrigin} ${_id}`, storedAt }));
      },
    }),

    alerts: createCollectionAdapter(models, 'alerts', {
      collection: 'alerts',
      omit: ['after'],
      recordOf: withId,
      documentsOf: alertDocuments,
    }),
  };
}
