import { logCursorNote } from '../../domain/notes.ts';
import type { CopyRecords } from './port.ts';

type Note = CopyRecords['notes'];

/** The attempt that the log shipper's cursor names. null: the note is another one, or the cursor names no attempt. */
export function attemptInCursor({ name, value }: Note): number | null {
  if (name !== logCursorNote) return null;
  const { attempt } = JSON.parse(value) as { readonly attempt?: unknown };
  return typeof attempt === 'number' ? attempt : null;
}

/** The same cursor, but at the given attempt. */
export function moveCursor({ name, value }: Note, attempt: number): Note {
  return { name, value: JSON.stringify({ ...(JSON.parse(value) as object), attempt }) };
}
