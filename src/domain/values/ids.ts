const snowflake = /^(?:<@[!&]?|<#)?(\d{15,20})>?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hexId = /^[0-9a-f]{1,64}$/;

/** Reads a Discord id, also from a mention; null: the text is none. */
export function parseSnowflake(text: string): string | null {
  return snowflake.exec(text.trim())?.[1] ?? null;
}

/** Reads a UUID, in lower case; null: the text is none. */
export function parseUuid(text: string): string | null {
  const lower = text.trim().toLowerCase();
  return uuid.test(lower) ? lower : null;
}

/** A random UUID (RFC 9562, version 4) of 16 random bytes. */
export function uuidOf(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, index) => {
    const marked = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  }).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Reads a hex id of at most 64 digits, in lower case; null: the text is none. */
export function parseHexId(text: string): string | null {
  const lower = text.trim().toLowerCase();
  return hexId.test(lower) ? lower : null;
}
