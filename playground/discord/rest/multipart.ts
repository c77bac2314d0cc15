export interface Part {
  readonly name: string;
  /** undefined: the part is a field and not a file. */
  readonly fileName: string | undefined;
  readonly contentType: string;
  readonly data: Buffer;
}

/** The parts of a multipart/form-data body; undefined: it is malformed. */
export function parseMultipart(contentType: string, body: Buffer): Part[] | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const bytes = Buffer.concat([Buffer.from('\r\n'), body]);
  const parts: Part[] = [];
  let at = bytes.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (bytes.subarray(start, start + 2).toString() === '--') return parts;
    const end = bytes.indexOf(delimiter, start);
    const part = end < 0 ? undefined : parsePart(bytes.subarray(start + 2, end));
    if (!part) return undefined;
    parts.push(part);
    at = end;
  }
  return undefined;
}

function parsePart(bytes: Buffer): Part | undefined {
  const headerEnd = bytes.indexOf('\r\n\r\n');
  if (headerEnd < 0) return undefined;
  const headers = bytes.subarray(0, headerEnd).toString();
  const name = /;\s*name="([^"]*)"/i.exec(headers)?.[1];
  if (name === undefined) return undefined;
  return {
    name,
    fileName: /;\s*filename="([^"]*)"/i.exec(headers)?.[1]?.replaceAll('%22', '"'),
    contentType: /content-type:\s*(.+)/i.exec(headers)?.[1]?.trim() ?? '',
    data: bytes.subarray(headerEnd + 4),
  };
}
