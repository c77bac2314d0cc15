import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../domain/actor.ts';
import type { License } from '../../../domain/license.ts';
import type { Product } from '../../../domain/product.ts';
import { normaliseKey } from '../../../domain/values/key-format.ts';
import { describeCommandError } from '../../../texts/command-errors.ts';
import type { CommandError } from '../../../domain/command-error.ts';
import type { Result } from '../../../domain/values/result.ts';
import type { LicenseRow } from '../../../services/licenses/license-view.ts';
import { rowOf } from '../../../services/licenses/show-license.ts';
import type { Services } from '../../../services/services.ts';
import { type HttpResponse, jsonResponse } from '../../route.ts';
import type { ListQuery } from './list-query.ts';
import { commandFailed, invalidSchema, keyTaken, licenseJson, logJson, notFound } from './render.ts';
import type { ChangeFields, CreationFields } from './schema.ts';

export type AdminServices = Pick<Services, 'apiKeys' | 'guilds' | 'licenses' | 'products' | 'records' | 'settings'>;

/** Who acts: the API key, in its guild. */
interface By {
  readonly guildId: string;
  readonly actor: Actor & { readonly type: 'api-key' };
}

/** An IP counts for 12 hours in this system. */
const forgetIpAfter = { ip: '720' };
const maxLogs = 50;
/** As many as one look-up of the store reads. */
const rowsAtOnce = 1_000;
const logsAtOnce = 10;

type LicenseQuery = Parameters<AdminServices['licenses']['list']>[1];
type LicenseRef = Parameters<AdminServices['licenses']['row']>[1];

/** What the management API does, each of it one use case of the services. */
export function createAdminLicenses(services: AdminServices, now: () => Date) {
  const { licenses, products, settings, guilds, records } = services;

  async function userIdOf({ guildId }: By): Promise<string> {
    return valueOf(await guilds.find(guildId)).userId;
  }

  /** With their keys, and with their logs where they are asked for. */
  async function jsonOf(by: By, rows: readonly LicenseRow[], includeLogs = false): Promise<readonly object[]> {
    const userId = await userIdOf(by);
    const keys = await licenses.revealAll({ ...by, licenseIds: rows.map(({ license }) => license.id) });
    const all: object[] = [];
    for (let start = 0; start < rows.length; start += logsAtOnce) {
      const some = rows.slice(start, start + logsAtOnce).map(async (row) => ({
        ...licenseJson(row, keys.get(row.license.id) ?? '', userId),
        ...(includeLogs ? { logs: await logsOf(by, row.license, userId) } : {}),
      }));
      all.push(...(await Promise.all(some)));
    }
    return all;
  }

  async function logsOf({ guildId }: By, { id: licenseId }: License, userId: string): Promise<readonly object[]> {
    const page = { limit: maxLogs, beforeId: null };
    const attempts = await records.attempts(guildId, { licenseId, quiet: true }, page);
    return attempts.map(({ attempt }) => logJson(attempt, userId));
  }

  async function answerWith(
    by: By,
    changed: { readonly license: License; readonly product: Product },
  ): Promise<HttpResponse> {
    const row = rowOf(changed.license, changed.product, valueOf(await settings.view(by.guildId)), now());
    const [json = {}] = await jsonOf(by, [row]);
    return jsonResponse(200, json);
  }

  async function create(by: By, fields: CreationFields): Promise<HttpResponse> {
    if (await isKeyTaken(by, fields.licenseKey, null)) return keyTaken;
    const guildSettings = valueOf(await settings.view(by.guildId));
    const product = await products.ensure({ ...by, name: guildSettings['licensegate.product'] });
    if (!product.ok) return renderError(product.error);
    const made = await licenses.issue({
      ...by,
      product: String(product.value.id),
      mayManage: true,
      key: fields.licenseKey ?? randomUUID(),
      // In this system the key of a deleted license is free: billing modules delete and create again with the same key.
      takesOverDeletedKey: true,
      name: fields.name,
      note: fields.notes,
      suspended: !fields.active,
      limits: { ip: ipLimit(fields.ipLimit ?? null) },
      forgetAfter: forgetIpAfter,
      scope: fields.licenseScope ?? null,
      expires: fields.expirationDate ?? undefined,
      points: pointsOf(fields),
    });
    if (!made.ok) return renderError(made.error);
    const userId = await userIdOf(by);
    const [issued] = made.value.issued;
    if (!issued) throw new Error('No license was made.');
    const row = rowOf(issued.license, made.value.product, guildSettings, now());
    return jsonResponse(201, licenseJson(row, issued.key, userId));
  }

  /** Whether another license has the key in any letter case: this system's unique index tells none apart. */
  async function isKeyTaken({ guildId }: By, text: string | null | undefined, licenseId: number | null) {
    const key = normaliseKey(text ?? '');
    const holder = key === null ? null : await licenses.row(guildId, { key, ignoresCase: true });
    return holder?.ok === true && holder.value.license.id !== licenseId;
  }

  async function show(by: By, ref: LicenseRef, includeLogs: boolean) {
    const row = await licenses.row(by.guildId, ref);
    if (!row.ok) return renderError(row.error);
    const [json = {}] = await jsonOf(by, [row.value], includeLogs);
    return jsonResponse(200, json);
  }

  async function list(by: By, { take, skip, active, includeLogs }: ListQuery): Promise<HttpResponse> {
    const query = active === null ? {} : { active };
    const count = await licenses.count(by.guildId, query);
    const rows = skip < count ? await readRows(by.guildId, query, skip, take) : [];
    return jsonResponse(200, { licenses: await jsonOf(by, rows, includeLogs), count });
  }

  /** The store pages by id: what is skipped is read too. */
  async function readRows(guildId: string, query: LicenseQuery, skip: number, take: number) {
    const rows: LicenseRow[] = [];
    let skipped = 0;
    let beforeId: number | null = null;
    while (rows.length < take) {
      const isSkipping = skipped < skip;
      const limit = Math.min(rowsAtOnce, isSkipping ? skip - skipped : take - rows.length);
      const page: readonly LicenseRow[] = await licenses.list(guildId, query, { limit, beforeId });
      if (isSkipping) skipped += page.length;
      else rows.push(...page);
      if (page.length < limit) break;
      beforeId = page.at(-1)?.license.id ?? null;
    }
    return rows;
  }

  async function edit(by: By, licenseId: number, fields: ChangeFields): Promise<HttpResponse> {
    const { active, name, notes, licenseKey, ipLimit: limit, licenseScope: scope, expirationDate: end } = fields;
    if (await isKeyTaken(by, licenseKey, licenseId)) return keyTaken;
    const edited = await licenses.edit({
      ...by,
      licenseId,
      mayManage: true,
      name,
      note: notes,
      key: licenseKey,
      takesOverDeletedKey: true,
      scope,
      suspended: active === undefined ? undefined : !active,
      limits: limit === undefined ? undefined : { ip: ipLimit(limit) },
      expires: end === null ? 'never' : end,
      points: pointsOf(fields),
    });
    if (edited.ok) return answerWith(by, edited.value);
    return edited.error.code === 'nothing-to-change' ? show(by, { id: licenseId }, false) : renderError(edited.error);
  }

  async function remove(by: By, licenseId: number): Promise<HttpResponse> {
    const deleted = await licenses.delete({ ...by, licenseId });
    return deleted.ok ? answerWith(by, deleted.value) : renderError(deleted.error);
  }

  return { create, show, list, edit, remove };
}

function ipLimit(limit: number | null): string {
  return limit === null ? 'unlimited' : String(limit);
}

function pointsOf(fields: Omit<ChangeFields, 'licenseKey'>) {
  return {
    left: fields.validationPoints,
    limit: fields.validationLimit,
    amount: fields.replenishAmount,
    interval: fields.replenishInterval,
  };
}

function renderError(error: CommandError): HttpResponse {
  switch (error.code) {
    case 'license-not-found':
    case 'license-deleted':
      return notFound;
    case 'key-taken':
      return keyTaken;
    case 'key-invalid':
      return invalidSchema({ 'requestBody.licenseKey': { message: 'invalid string value' } });
    default:
      return commandFailed(error.code, describeCommandError(error));
  }
}

/** The value of a result that fails only where the guild was removed in between. */
function valueOf<T>(result: Result<T, CommandError>): T {
  if (!result.ok) throw new Error(describeCommandError(result.error));
  return result.value;
}
