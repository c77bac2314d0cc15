const snowflake = /^(?:<@[!&]?|<#)?(\d{15,20})>?$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hexId = /^[0-9a-f]{1,64}$/;

/** A Discord id, also out of a mention; null: none. */
export function parseSnowflake(text: string): string | null {
  return snowflake.exec(text.trim())?.[1] ?? null;
}

/** A UUID in lower case; null: none. */
export function parseUuid(text: string): string | null {
  const lower = text.trim().toLowerCase();
  return uuid.test(lower) ? lower : null;
}

/** A hex id in lower case, at most 64 digits; null: none. */
export function parseHexId(text: string): string | null {
  const lower = text.trim().toLowerCase();
  return hexId.test(lower) ? lower : null;
}
