import { countedAddress } from '../domain/attempt.ts';
import { parseInstant } from '../domain/values/calendar.ts';
import { denials } from '../domain/denial.ts';
import { parseDuration } from '../domain/expiry.ts';
import { maskKey } from '../domain/values/key-format.ts';
import { attemptJson } from '../services/json/attempt-json.ts';
import type { AttemptRow, RecordsService } from '../services/records.ts';
import type { ListItem } from './framework/output.ts';
import type { CliCommand, CliOption } from './framework/command.ts';
import { UsageError } from './framework/errors.ts';
import { findLicense } from './license-row.ts';
import { parseWholeNumber } from './framework/option-parsers.ts';

type Query = Parameters<RecordsService['attempts']>[1];

const results = ['granted', 'denied', ...denials] as const;
const pageSize = 1000;
const defaultLimit = 50;

const options: readonly CliOption[] = [
  { flags: '--license <key>', description: 'only attempts of this license (a key or an id)' },
  { flags: '--result <result>', description: 'granted, denied (for any reason), or one denial', choices: results },
  { flags: '--since <when>', description: 'only attempts since then: 90m, 1h, 7d or a date' },
  {
    flags: '--limit <n>',
    description: `at most this many; default: ${defaultLimit}`,
    parse: parseWholeNumber(1, 1_000_000_000),
  },
  { flags: '--quiet', description: 'include attempts that are never posted to a log channel, such as heartbeats' },
];

export const attemptsCommand: CliCommand = {
  usage: 'attempts',
  description: 'list the license checks of client programs and their results, newest first',
  options,
  run: async (call) => {
    const guildId = (await call.findGuild()).id;
    const license = call.text('license');
    const result = call.text('result') as Query['result'];
    const since = parseSince(call.text('since'), call.context.now());
    const query: Query = {
      ...(license === undefined ? {} : { licenseId: (await findLicense(call, license)).id }),
      ...(result === undefined ? {} : { result }),
      ...(since === undefined ? {} : { since }),
      ...(call.flag('quiet') === true ? { quiet: true } : {}),
    };
    const pages = readPages(call.services.records, guildId, query, call.number('limit') ?? defaultLimit);
    const columns = ['AT', 'RESULT', 'PROTOCOL', 'PRODUCT', 'LICENSE', 'IP', 'HWID'];
    return { name: 'attempts', heading: null, columns, pages, emptyText: 'No attempts match.' };
  },
};

/** The instant that `--since` names: a time like `90m`, `1h` or `7d` before now, or a date, from its midnight in UTC. */
function parseSince(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const durationMs = parseDuration(text);
  if (durationMs !== null) return new Date(now.getTime() - durationMs);
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text);
  if (instant instanceof Date) return instant;
  throw new UsageError(`--since must be like 90m, 1h, 7d or 2027-01-31, not “${text}”.`);
}

async function* readPages(
  records: RecordsService,
  guildId: string,
  query: Query,
  limit: number,
): AsyncGenerator<readonly ListItem[]> {
  let beforeId: number | null = null;
  for (let left = limit; left > 0; left -= pageSize) {
    const size = Math.min(pageSize, left);
    const rows: readonly AttemptRow[] = await records.attempts(guildId, query, { limit: size, beforeId });
    yield rows.map(toItem);
    beforeId = rows.at(-1)?.attempt.id ?? null;
    if (rows.length < size) return;
  }
}

function toItem(row: AttemptRow): ListItem {
  const { attempt, product } = row;
  const { at, protocol, result, licenseId, keySuffix, declaredIp, observedIp, hwid } = attempt;
  const productName = product?.name ?? attempt.product;
  const license = licenseId === null ? (keySuffix === null ? '-' : maskKey(keySuffix)) : String(licenseId);
  const counted = countedAddress(attempt);
  const other = [declaredIp, observedIp].find((address) => address !== null && address !== counted);
  return {
    json: attemptJson(row),
    cells: [
      at.toISOString().slice(0, 19),
      result,
      protocol,
      productName ?? '-',
      license,
      other === undefined ? counted : `${counted} (${other})`,
      hwid ?? '-',
    ],
  };
}
