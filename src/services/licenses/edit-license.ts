import { activationEnd, type Ending, isExpired, parseExpiry } from '../../domain/expiry.ts';
import { readText } from '../../domain/values/read-fields.ts';
import { keySuffix, normaliseKey } from '../../domain/values/key-format.ts';
import { type Hold, withHold } from '../../domain/hold.ts';
import type { License } from '../../domain/license.ts';
import { furtherProductsOf } from '../../domain/license-products.ts';
import { bindingKinds } from '../../domain/limits.ts';
import { effectiveLimits } from '../../domain/effective-limits.ts';
import { refillPoints } from '../../domain/points.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { changedFields } from '../changed-fields.ts';
import type { ServiceContext } from '../context.ts';
import {
  combineResults,
  readOrKeep,
  readEnding,
  readFeatures,
  readForgetAfter,
  readLimits,
  readMetadata,
  readPoints,
} from '../read-input.ts';
import { auditEvent, correctRolesOf, sendKeys } from '../trail.ts';
import { changeLicense, type FoundLicense } from './change-license.ts';
import { editProducts } from './edit-products.ts';
import type { Edited, EditInput, LicenseService } from './license-service.ts';
import { holdTrail } from './suspend-license.ts';
import { takeOverKey } from './take-over-key.ts';

/** The fields that an edit can change, and that its audit event has before and after. */
export const editableFields = [
  'productId',
  'furtherProductIds',
  'allProducts',
  'name',
  'note',
  'order',
  'staff',
  'expiry',
  'expiresAt',
  'limits',
  'forgetAfter',
  'scope',
  'points',
  'features',
  'metadata',
] as const;
export type EditableField = (typeof editableFields)[number];

/** Which roles a license earns depends on these, and on its holds. */
const roleFields = ['productId', 'furtherProductIds', 'allProducts', 'expiresAt'] as const;

export function createEditLicense(context: ServiceContext): Pick<LicenseService, 'edit'> {
  const { storage } = context;

  async function edit(input: EditInput): Promise<Result<Edited, CommandError>> {
    const key = await readNewKey(input);
    if (!key.ok) return key;
    const change = () => changeWithKey(input, key.value);
    return key.value === null ? change() : takeOverKey(context, input, key.value, change);
  }

  /** `key`: the new key; null: the license keeps its key. */
  function changeWithKey(input: EditInput, key: string | null): Promise<Result<Edited, CommandError>> {
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, (found) => {
      const { product, bundle, now } = found;
      // Refilled points are not part of the edit, so they must not show up as a change.
      const license: License = { ...found.license, points: refillPoints(found.license.points, now) };
      const current = { ...found, license };
      if (input.staff && !license.staff && !input.mayManage) return fail({ code: 'staff-needs-manage-server' });
      const read = readEdit(input, current);
      if (!read.ok) return read;
      const { products, ending, ...fields } = read.value;
      const { product: nextProduct, furtherProducts: _, ...productFields } = products;
      const edited: License = { ...license, ...fields, ...ending, ...productFields };
      const changes = changedFields(license, edited, editableFields);
      const rekeyed = key === null ? {} : { keySuffix: keySuffix(key) };
      const next: License = { ...edited, ...rekeyed, holds: nextHolds(input, current) };
      const holdChanges = holdTrail(input, license, next);
      const areHoldsChanged = holdChanges.audit.length > 0;
      const isEdited = Object.keys(changes).length > 0;
      if (!isEdited && !areHoldsChanged && key === null) return fail({ code: 'nothing-to-change' });
      const before = effectiveLimits(license, product, bundle.settings);
      const after = effectiveLimits(next, nextProduct, bundle.settings);
      const affectsRoles = areHoldsChanged || roleFields.some((field) => field in changes);
      const subject = `license:${license.id}`;
      const keyMessages =
        key === null || license.ownerId === null || input.silent
          ? []
          : [sendKeys(license.ownerId, 'rekeyed', [license])];
      return succeed({
        next,
        ...(key !== null && { newKey: key }),
        audit: [
          ...(isEdited ? [auditEvent(input, 'license.changed', subject, changes)] : []),
          ...holdChanges.audit,
          ...(key === null ? [] : [auditEvent(input, 'license.rekeyed', subject)]),
        ],
        effects: [...holdChanges.effects, ...keyMessages, ...(affectsRoles ? correctRolesOf(license) : [])],
        extra: {
          before: { license, product, furtherProducts: furtherProductsOf(license, bundle.products) },
          newlyLimited: bindingKinds.filter((kind) => before[kind] === null && after[kind] !== null),
          newlyZero: bindingKinds.filter((kind) => before[kind] !== 0 && after[kind] === 0),
        },
      });
    });
  }

  /** The new key; null: the license keeps its key. */
  async function readNewKey({
    guildId,
    licenseId,
    key: text,
  }: EditInput): Promise<Result<string | null, CommandError>> {
    if (text === undefined) return succeed(null);
    const key = normaliseKey(text);
    if (key === null) return fail({ code: 'key-invalid' });
    return succeed((await storage.licenseKey(guildId, licenseId)) === key ? null : key);
  }

  return { edit };
}

function readEdit(input: EditInput, { license, product, bundle, now }: FoundLicense) {
  return combineResults({
    products: editProducts(bundle, { license, product }, input),
    name: readOrKeep(input.name, license.name, (text) => readText('name', text)),
    note: readOrKeep(input.note, license.note, (text) => readText('note', text)),
    order: readOrKeep(input.order, license.order, (text) => readText('order', text)),
    scope: readOrKeep(input.scope, license.scope, (text) => readText('scope', text)),
    staff: succeed(input.staff ?? license.staff),
    limits: readLimits(license.limits, input.limits),
    forgetAfter: readForgetAfter(license.forgetAfter, input.forgetAfter),
    points: readPoints(license.points, input.points, now),
    features: readFeatures(license.features, input.features),
    metadata: readMetadata(license.metadata, input.metadata),
    ending: readOrKeep(input.expires, { expiry: license.expiry, expiresAt: license.expiresAt }, (expires) =>
      readEnding(expires, (text) => parseEnding(text, license, now)),
    ),
  });
}

/** Reads a new end. Durations count from the license's creation or first grant, not from this edit. */
function parseEnding(text: string, license: License, now: Date): Result<Ending, CommandError> {
  const parsed = parseExpiry(text, license.createdAt);
  if (!parsed.ok) return fail({ code: 'invalid-expiry', problem: parsed.error });
  const { expiry } = parsed.value;
  const activated = license.activatedAt && activationEnd(expiry, license.activatedAt);
  const expiresAt = activated ?? parsed.value.expiresAt;
  if (!isExpired(expiresAt, now)) return succeed({ expiry, expiresAt });
  return fail({ code: 'invalid-expiry', problem: { code: 'end-has-passed' } });
}

/** The holds after the edit: first some are lifted, then others set. */
function nextHolds(input: EditInput, { license, now }: FoundLicense): readonly Hold[] {
  const { suspended, hold = [], lift = [], reason = null } = input;
  const lifted = [...lift, ...(suspended === false ? (['staff'] as const) : [])];
  const added = [...hold, ...(suspended === true && license.holds.length === 0 ? (['staff'] as const) : [])];
  const left = license.holds.filter(({ kind }) => !lifted.includes(kind));
  return added.reduce<readonly Hold[]>((holds, kind) => withHold(holds, { kind, at: now, reason }), left);
}
