import type { mongo } from 'mongoose';
import type { OutboxEntry } from '../../src/storage/mongo/documents.ts';
import { withDatabase } from './mongo-engine.ts';

/** The outbox entry of a change. */
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

/** An audit event of that subject, as an outbox entry holds it. */
export function auditEntry(
  action: OutboxEntry['audit'][number]['action'],
  subject: string,
): OutboxEntry['audit'][number] {
  return { at: new Date(0), actor: 'user:77', action, subject, reason: null, details: '{}' };
}

/** Changes a document like a process that dies before it carries out the outbox entry. */
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
