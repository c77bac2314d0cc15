import type { CopyPosition, CopyRecords } from '../../copy/port.ts';
import { attemptInCursor, moveCursor } from '../../copy/log-cursor.ts';
import { noteNameOf } from '../coordination.ts';
import { attemptIdOf } from './records.ts';
import { type CollectionAdapter, createCollectionAdapter } from './collection-adapter.ts';
import type { Models } from '../models.ts';

type Note = CopyRecords['notes'];

/** Before every name: those in the leases were read. */
const afterLeases: CopyPosition = [''];

/** Notes of their own, and those that were ever set under a lease's fence: these are in the lease, and count. */
export function createNoteAdapter(models: Models): CollectionAdapter<'notes'> {
  async function readNote(note: Note): Promise<Note> {
    const attempt = attemptInCursor(note);
    if (attempt === null) return note;
    return moveCursor(note, await models.attempts.countDocuments({ _id: { $lte: attempt } }));
  }

  async function writtenNote(note: Note): Promise<Note> {
    const place = attemptInCursor(note);
    return place === null ? note : moveCursor(note, await attemptIdOf(models, place));
  }

  const single = createCollectionAdapter(models, 'notes', {
    collection: 'notes',
    recordOf: ({ _id: name, value }) => readNote({ name, value } as Note),
    documentsOf: async (records) => {
      const notes = await Promise.all(records.map(writtenNote));
      return notes.map(({ name: _id, value }) => ({ _id, value }));
    },
  });

  async function fenced(): Promise<readonly Note[]> {
    const leases = await models.leases.find({ notes: { $exists: true } }).lean();
    const notes = leases.flatMap((lease) => Object.entries(lease.notes ?? {}));
    return notes.map(([place, value]) => ({ name: noteNameOf(place), value }));
  }

  return {
    ...single,
    count: async () => {
      const names = (await fenced()).map(({ name }) => name);
      return names.length + (await models.notes.countDocuments({ _id: { $nin: names } }));
    },
    read: async (after) => {
      const notes = await fenced();
      if (after === null) return { records: await Promise.all(notes.map(readNote)), next: afterLeases };
      const names = new Set(notes.map(({ name }) => name));
      const { records, next } = await single.read(after);
      return { records: records.filter(({ name }) => !names.has(name)), next };
    },
  };
}
