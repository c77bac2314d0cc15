/** An instant as ISO 8601 in UTC, with milliseconds and `Z`; null stays null. */
export function instantJson(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
