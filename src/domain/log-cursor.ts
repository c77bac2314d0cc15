/** The note in which the log shipper keeps up to where it has posted: JSON with the id of an attempt in `attempt`. */
export const logCursorNote = 'log-cursor';
