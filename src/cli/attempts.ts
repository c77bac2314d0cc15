import { countedAddress } from '../domain/attempt.ts';
import { denials } from '../domain/denial.ts';
import { maskKey } from '../domain/values/key-format.ts';
import { attemptJson } from '../services/json/attempt-json.ts';
import type { AttemptRow, RecordsService } from '../services/records.ts';
import type { ListItem } from './framework/output.ts';
import type { CliCommand, CliOption } from './framework/command.ts';
import { limitOption, parseSince, readRecords, sinceOption } from './framework/records.ts';
import { findLicense } from './license-row.ts';

type Query = Parameters<RecordsService['attempts']>[1];

const results = ['granted', 'denied', ...denials] as const;

const options: readonly CliOption[] = [
  { flags: '--license <key>', description: 'only attempts of this license (a key or an id)' },
  { flags: '--result <result>', description: 'granted, denied (for any reason), or one denial', choices: results },
  sinceOption('attempts'),
  limitOption,
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
    const pages = readRecords(call.number('limit'), async (page) => {
      const rows = await call.services.records.attempts(guildId, query, page);
      return { items: rows.map(toItem), lastId: rows.at(-1)?.attempt.id ?? null };
    });
    const columns = ['AT', 'RESULT', 'PROTOCOL', 'PRODUCT', 'LICENSE', 'IP', 'HWID'];
    return { name: 'attempts', heading: null, columns, pages, emptyText: 'No attempts match.' };
  },
};

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
