import { parseInstant } from '../domain/calendar.ts';
import { denials } from '../domain/denial.ts';
import { parseDuration } from '../domain/expiry.ts';
import { maskKey } from '../domain/key-format.ts';
import type { AttemptRow, RecordsService } from '../services/records.ts';
import type { ListItem } from './framework/output.ts';
import type { CliCommand, CliOption } from './framework/command.ts';
import { UsageError } from './framework/errors.ts';
import { findLicense } from './license-row.ts';
import { wholeNumber } from './limit-options.ts';

type Query = Parameters<RecordsService['attempts']>[1];

const results = ['granted', 'denied', ...denials] as const;
const pageSize = 1000;
const defaultLimit = 50;

const options: readonly CliOption[] = [
  { flags: '--license <key>', describes: 'of this license (a key or an id)' },
  { flags: '--result <result>', describes: 'granted, denied (any), or one denial', choices: results },
  { flags: '--since <when>', describes: 'like 90m, 1h, 7d or a date' },
  {
    flags: '--limit <n>',
    describes: `at most so many; default ${defaultLimit}`,
    parse: wholeNumber(1, 1_000_000_000),
  },
  { flags: '--quiet', describes: 'also those that no log channel gets, such as heartbeats' },
];

export const attemptsCommand: CliCommand = {
  usage: 'attempts',
  describes: 'what client programs asked and were answered, newest first',
  options,
  run: async (call) => {
    const guildId = (await call.guild()).id;
    const license = call.text('license');
    const result = call.text('result') as Query['result'];
    const since = sinceOf(call.text('since'), call.context.now());
    const query: Query = {
      ...(license === undefined ? {} : { licenseId: (await findLicense(call, license)).id }),
      ...(result === undefined ? {} : { result }),
      ...(since === undefined ? {} : { since }),
      ...(call.flag('quiet') === true ? { quiet: true } : {}),
    };
    const pages = pagesOf(call.services.records, guildId, query, call.number('limit') ?? defaultLimit);
    const columns = ['AT', 'RESULT', 'PROTOCOL', 'PRODUCT', 'LICENSE', 'IP', 'HWID'];
    return { name: 'attempts', heading: null, columns, pages, none: 'There are no such attempts.' };
  },
};

/** `90m`, `1h`, `7d` before now, or a date: its midnight in UTC. */
function sinceOf(text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const durationMs = parseDuration(text);
  if (durationMs !== null) return new Date(now.getTime() - durationMs);
  const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text);
  if (instant instanceof Date) return instant;
  throw new UsageError(`--since must be like 90m, 1h, 7d or 2027-01-31, not “${text}”.`);
}

async function* pagesOf(
  records: RecordsService,
  guildId: string,
  query: Query,
  limit: number,
): AsyncGenerator<readonly ListItem[]> {
  let beforeId: number | null = null;
  for (let left = limit; left > 0; left -= pageSize) {
    const wanted = Math.min(pageSize, left);
    const rows: readonly AttemptRow[] = await records.attempts(guildId, query, { limit: wanted, beforeId });
    yield rows.map(itemOf);
    beforeId = rows.at(-1)?.attempt.id ?? null;
    if (rows.length < wanted) return;
  }
}

function itemOf({ attempt, product }: AttemptRow): ListItem {
  const { at, protocol, result, licenseId, keySuffix, declaredIp, observedIp, hwid, userAgent } = attempt;
  const productName = product?.name ?? attempt.product;
  const license = licenseId === null ? (keySuffix === null ? '-' : maskKey(keySuffix)) : String(licenseId);
  const ip = declaredIp !== null && declaredIp !== observedIp ? `${declaredIp} (${observedIp})` : observedIp;
  return {
    json: {
      at: at.toISOString(),
      protocol,
      result,
      product: productName,
      license: licenseId,
      declaredIp,
      observedIp,
      hwid,
      userAgent,
    },
    cells: [at.toISOString().slice(0, 19), result, protocol, productName ?? '-', license, ip, hwid ?? '-'],
  };
}
