const headEnd = Buffer.from('\r\n\r\n');

/** The head of an answer, and where the answer ends in the bytes that hold it. */
interface AnswerHead {
  readonly status: number;
  readonly bodyStart: number;
  readonly end: number;
}

/**
 * The head of the answer that the bytes begin with; null: it has not arrived whole. Throws where the answer has no
 * `Content-Length`, which the answers that are measured all have.
 */
export function readAnswerHead(bytes: Buffer): AnswerHead | null {
  const at = bytes.indexOf(headEnd);
  if (at === -1) return null;
  const head = bytes.toString('latin1', 0, at);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`An answer has no Content-Length: ${head}`);
  const bodyStart = at + headEnd.length;
  return { status: Number(head.slice(9, 12)), bodyStart, end: bodyStart + Number(length) };
}
