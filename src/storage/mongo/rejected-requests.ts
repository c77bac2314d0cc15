import type { RejectedRequestCount } from '../../domain/attempt.ts';
import type { RejectedRequests } from '../port/rejected-requests.ts';
import type { MongoStore } from './connection.ts';
import { collectionOf } from './database/models.ts';
import { deleteMatching, deleteInSteps, rowsPerStep } from './steps.ts';

const order = { minute: 1, observedIp: 1, protocol: 1, kind: 1 } as const;

/** An upsert that adds the count to the stored one of the same minute, address, protocol and kind. */
function addition({ count, ...fields }: RejectedRequestCount) {
  const _id = [fields.minute.getTime(), fields.observedIp, fields.protocol, fields.kind].join(' ');
  return { updateOne: { filter: { _id }, update: { $inc: { count }, $setOnInsert: fields }, upsert: true } };
}

export function createRejectedRequests(store: MongoStore): RejectedRequests {
  const { rejectedRequests } = store.models;

  return {
    recordRejectedRequests: (counts, keepSince) =>
      store.run(async () => {
        for (let start = 0; start < counts.length; start += rowsPerStep) {
          const additions = counts.slice(start, start + rowsPerStep).map(addition);
          await collectionOf(rejectedRequests).bulkWrite(additions, { ordered: false });
        }
        await deleteInSteps(Infinity, deleteMatching(rejectedRequests, { minute: { $lt: keepSince } }, { minute: 1 }));
      }),

    rejectedRequests: (since, limit) =>
      store.run(() =>
        rejectedRequests
          .find({ minute: { $gte: since } })
          .sort(order)
          .limit(limit)
          .select({ _id: 0 })
          .lean<readonly RejectedRequestCount[]>()
          .exec(),
      ),
  };
}
