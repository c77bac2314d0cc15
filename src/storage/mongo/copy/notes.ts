import { attemptInCursor, moveCursor } from '../../copy/log-cursor.ts';
import type { CopyPosition, CopyRecords } from '../../copy/port.ts';
import { noteNameOf } from '../coordination.ts';
import type { Models } from '../database/models.ts';
import { type CollectionAdapter, createCollectionAdapter } from './collection-adapter.ts';
import { attemptIdOf } from './records.ts';

type Note = CopyRecords['notes'];

/** Sorts before the name of every note: the first page holds the notes in leases, and the next one begins here. */
const afterLeases: CopyPosition = [''];

/**
 * The adapter for notes. Those that were ever set with a fence are stored in the lease's document; one in the notes'
 * collection with the same name is outdated.
 */
export function createNoteAdapter(models: Models): CollectionAdapter<'notes'> {
  async function readNote(note: Note): Promise<Note> {
    const attempt = attemptInCursor(note);
    if (attempt === null) return note;
    return moveCursor(note, await models.attempts.countDocuments({ _id: { $lte: attempt } }));
  }

  async function noteToStore(note: Note): Promise<Note> {
    const position = attemptInCursor(note);
    return position === null ? note : moveCursor(note, await attemptIdOf(models, position));
  }

  const unfenced = createCollectionAdapter(models, 'notes', {
    collection: 'notes',
    omit: {},
    recordOf: ({ _id: name, value }) => readNote({ name, value }),
    documentsOf: async (records) => {
      const notes = await Promise.all(records.map(noteToStore));
      return notes.map(({ name: _id, value }) => ({ _id, value }));
    },
  });

  async function readFenced(): Promise<readonly Note[]> {
    const leases = await models.leases.find({ notes: { $exists: true } }).lean();
    const notes = leases.flatMap((lease) => Object.entries(lease.notes ?? {}));
    return notes.map(([field, value]) => ({ name: noteNameOf(field), value }));
  }

  return {
    ...unfenced,
    count: async () => {
      const names = (await readFenced()).map(({ name }) => name);
      return names.length + (await models.notes.countDocuments({ _id: { $nin: names } }));
    },
    read: async (after) => {
      const fenced = await readFenced();
      if (after === null) return { records: await Promise.all(fenced.map(readNote)), next: afterLeases };
      const names = new Set(fenced.map(({ name }) => name));
      const { records, next } = await unfenced.read(after);
      return { records: records.filter(({ name }) => !names.has(name)), next };
    },
  };
}
