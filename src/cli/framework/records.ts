import { parseDuration } from '../../domain/expiry.ts';
import { parseInstant } from '../../domain/values/calendar.ts';
import type { Page } from '../../storage/port/page.ts';
import type { CliOption } from './command.ts';
import { UsageError } from './errors.ts';
import { parseWholeNumber } from './option-parsers.ts';
import type { ListItem } from './output.ts';

const pageSize = 1000;
const defaultLimit = 50;

/** The option `--limit` of a list of records. */
export const limitOption: CliOption = {
  flags: '--limit <n>',
  description: `at most this many; default: ${defaultLimit}`,
  parse: parseWholeNumber(1, 1_000_000_000),
};

/** The option `--since` of a list of these records. */
export function sinceOption(records: string): CliOption {
  return { flags: '--since <when>', description: `only ${records} since then: 90m, 1h, 7d or a date` };
}

/** The instant that `--since` names: a time like `90m`, `1h` or `7d` before now, or a date, from its midnight in UTC. */
export function parseSince(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const durationMs = parseDuration(text);
  if (durationMs !== null) return new Date(now.getTime() - durationMs);
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text);
  if (instant instanceof Date) return instant;
  throw new UsageError(`--since must be like 90m, 1h, 7d or 2027-01-31, not “${text}”.`);
}

/** The newest records, page by page, so that any number of them can be printed. */
export async function* readRecords(
  limit = defaultLimit,
  read: (page: Page) => Promise<{ readonly items: readonly ListItem[]; readonly lastId: number | null }>,
): AsyncGenerator<readonly ListItem[]> {
  let beforeId: number | null = null;
  for (let left = limit; left > 0; left -= pageSize) {
    const size = Math.min(pageSize, left);
    const { items, lastId } = await read({ limit: size, beforeId });
    yield items;
    beforeId = lastId;
    if (items.length < size) return;
  }
}
