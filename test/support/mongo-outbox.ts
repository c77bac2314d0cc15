import type { mongo } from 'mongoose';
import type { OutboxEntry } from '../../src/storage/mongo/documents.ts';
import { withDatabase } from './mongo-engine.ts';

/** What a change leaves to do; `id` tells it apart from others. */
export function anOutboxEntry(id: string, own: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    id,
    at: new Date(0),
    guildId: 'g1',
    audit: [],
    effects: [],
    changes: [],
    releases: [],
    publish: null,
    pendingCopy: null,
    customer: null,
    sweep: false,
    remove: false,
    ...own,
  };
}

/** An audit event of that subject, as a outbox entry keeps it. */
export function auditEntry(
  action: OutboxEntry['audit'][number]['action'],
  subject: string,
): OutboxEntry['audit'][number] {
  return { at: new Date(0), actor: 'user:77', action, subject, reason: null, details: '{}' };
}

/** Changes a document as a process does that dies before it carries out what follows. */
export async function changeAndDie(
  uri: string,
  collection: string,
  id: string | number,
  fields: object,
  outboxEntry: OutboxEntry,
): Promise<void> {
  await withDatabase(uri, async (database) => {
    const filter = { _id: id } as unknown as mongo.Filter<mongo.Document>;
    const update = {
      $set: fields,
      $inc: { rev: 1 },
      $push: { outbox: outboxEntry },
    } as unknown as mongo.UpdateFilter<mongo.Document>;
    const { matchedCount } = await database.collection(collection).updateOne(filter, update);
    if (matchedCount !== 1) throw new Error('There is no such document.');
  });
}
