import type { mongo } from 'mongoose';
import type { Rest } from '../../src/storage/mongo/documents.ts';
import { withDatabase } from './mongo-engine.ts';

/** What a change leaves to do; `id` tells it apart from others. */
export function aRest(id: string, own: Partial<Rest> = {}): Rest {
  return {
    id,
    at: new Date(0),
    guildId: 'g1',
    audit: [],
    effects: [],
    changes: [],
    marks: [],
    show: null,
    successor: null,
    customer: null,
    sweep: false,
    remove: false,
    ...own,
  };
}

/** An audit event of that subject, as a rest keeps it. */
export function auditEntry(action: Rest['audit'][number]['action'], subject: string): Rest['audit'][number] {
  return { at: new Date(0), actor: 'user:77', action, subject, reason: null, details: '{}' };
}

/** Changes a document as a process does that dies before it carries out what follows. */
export async function changeAndDie(
  uri: string,
  collection: string,
  id: string | number,
  fields: object,
  rest: Rest,
): Promise<void> {
  await withDatabase(uri, async (database) => {
    const filter = { _id: id } as unknown as mongo.Filter<mongo.Document>;
    const update = {
      $set: fields,
      $inc: { rev: 1 },
      $push: { rests: rest },
    } as unknown as mongo.UpdateFilter<mongo.Document>;
    const { matchedCount } = await database.collection(collection).updateOne(filter, update);
    if (matchedCount !== 1) throw new Error('There is no such document.');
  });
}
