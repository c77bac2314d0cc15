import type { License } from '../../../domain/license.ts';
import type { LicenseRow } from '../../../services/licenses/license-view.ts';
import { type HttpResponse, jsonResponse } from '../../route.ts';
import type { Turns } from '../../turns.ts';
import { type AdminServices, type By, valueOf } from './admin-services.ts';
import type { ListQuery } from './list-query.ts';
import { licenseJson, logJson } from './render.ts';

const maxLogs = 50;
/** What one turn of the event loop reads. */
const rowsAtOnce = 50;
const rowsWithLogsAtOnce = 5;

const jsonHead = jsonResponse(200, {});

type LicenseQuery = Parameters<AdminServices['licenses']['list']>[1];

/** Answers that show licenses with their keys, and with their logs where they are asked for. */
export function createLicenseList({ licenses, records, guilds }: AdminServices, turns: Turns) {
  async function logsOf({ guildId }: By, { id: licenseId }: License, userId: string): Promise<readonly object[]> {
    const page = { limit: maxLogs, beforeId: null };
    const attempts = await records.attempts(guildId, { licenseId, quiet: true }, page);
    return attempts.map(({ attempt }) => logJson(attempt, userId));
  }

  async function readRows(guildId: string, query: LicenseQuery, { skip, take }: ListQuery) {
    const rows: LicenseRow[] = [];
    let beforeId = skip === 0 ? null : await licenses.idAt(guildId, query, skip);
    if (skip > 0 && beforeId === null) return rows;
    while (rows.length < take) {
      await turns.next();
      const limit = Math.min(rowsAtOnce, take - rows.length);
      const page: readonly LicenseRow[] = await licenses.list(guildId, query, { limit, beforeId });
      rows.push(...page);
      if (page.length < limit) break;
      beforeId = page.at(-1)?.license.id ?? null;
    }
    return rows;
  }

  /** The JSON of these licenses, of which one turn produces a few each. */
  async function* jsonOf(by: By, rows: readonly LicenseRow[], includeLogs: boolean): AsyncGenerator<readonly string[]> {
    const { userId } = valueOf(await guilds.find(by.guildId));
    const keyOf = await licenses.revealAll({ ...by, licenseIds: rows.map(({ license }) => license.id) });
    const size = includeLogs ? rowsWithLogsAtOnce : rowsAtOnce;
    for (let start = 0; start < rows.length; start += size) {
      await turns.next();
      const slice = rows.slice(start, start + size).map(async (row) => {
        const json = licenseJson(row, (await keyOf(row.license.id)) ?? '', userId);
        return JSON.stringify(includeLogs ? { ...json, logs: await logsOf(by, row.license, userId) } : json);
      });
      yield await Promise.all(slice);
    }
  }

  async function* listJson(
    by: By,
    rows: readonly LicenseRow[],
    count: number,
    includeLogs: boolean,
  ): AsyncGenerator<string> {
    let opening = '{"licenses":[';
    for await (const slice of jsonOf(by, rows, includeLogs)) {
      yield opening + slice.join(',');
      opening = ',';
    }
    yield `${rows.length === 0 ? opening : ''}],"count":${count}}`;
  }

  async function one(by: By, row: LicenseRow, includeLogs = false): Promise<HttpResponse> {
    return { ...jsonHead, body: await joined(jsonOf(by, [row], includeLogs)) };
  }

  /** Streamed, unless it is so short that one turn produces it. */
  async function page(by: By, asked: ListQuery): Promise<HttpResponse> {
    const query = asked.active === null ? {} : { active: asked.active };
    const count = await licenses.count(by.guildId, query);
    const rows = asked.skip < count ? await readRows(by.guildId, query, asked) : [];
    const body = listJson(by, rows, count, asked.includeLogs);
    const isShort = rows.length <= (asked.includeLogs ? rowsWithLogsAtOnce : rowsAtOnce);
    return isShort ? { ...jsonHead, body: await joined(body) } : { ...jsonHead, body };
  }

  return { one, page };
}

async function joined(chunks: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += String(chunk);
  return text;
}
