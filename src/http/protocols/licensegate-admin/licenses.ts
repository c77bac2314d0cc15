import { randomUUID } from 'node:crypto';
import { normaliseKey } from '../../../domain/values/key-format.ts';
import { describeCommandError } from '../../../texts/command-errors.ts';
import type { CommandError } from '../../../domain/command-error.ts';
import type { LicenseChanged } from '../../../services/licenses/license-service.ts';
import { rowOf } from '../../../services/licenses/show-license.ts';
import { type HttpResponse, jsonResponse } from '../../route.ts';
import type { Turns } from '../../turns.ts';
import { type AdminServices, type By, valueOf } from './admin-services.ts';
import { createLicenseList } from './list-licenses.ts';
import { commandFailed, invalidSchema, keyTaken, licenseJson, notFound } from './render.ts';
import type { ChangeFields, CreationFields } from './schema.ts';

/** An IP counts for 12 hours in this system. */
const forgetIpAfter = { ip: '720' };

type LicenseRef = Parameters<AdminServices['licenses']['row']>[1];

/** What the management API does, each of it one use case of the services. */
export function createAdminLicenses(services: AdminServices, now: () => Date, turns: Turns) {
  const { licenses, products, settings, guilds } = services;
  const list = createLicenseList(services, turns);

  async function answerWith(by: By, changed: LicenseChanged): Promise<HttpResponse> {
    const row = rowOf(changed, valueOf(await settings.view(by.guildId)), now());
    return list.one(by, row);
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
      expires: fields.expirationDate ?? 'never',
      points: pointsOf(fields),
    });
    if (!made.ok) return renderError(made.error);
    const { userId } = valueOf(await guilds.find(by.guildId));
    const [issued] = made.value.issued;
    if (!issued) throw new Error('No license was made.');
    const row = rowOf({ ...made.value, license: issued.license }, guildSettings, now());
    return jsonResponse(201, licenseJson(row, issued.key, userId));
  }

  /** Whether another license has the key in any letter case: this system's unique index ignores letter case. */
  async function isKeyTaken({ guildId }: By, text: string | null | undefined, licenseId: number | null) {
    const key = normaliseKey(text ?? '');
    const holder = key === null ? null : await licenses.row(guildId, { key, ignoresCase: true });
    return holder?.ok === true && holder.value.license.id !== licenseId;
  }

  async function show(by: By, ref: LicenseRef, includeLogs: boolean) {
    const row = await licenses.row(by.guildId, ref);
    if (!row.ok) return renderError(row.error);
    return list.one(by, row.value, includeLogs);
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

  return { create, show, list: list.page, edit, remove };
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
