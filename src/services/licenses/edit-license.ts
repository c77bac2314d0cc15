import { activationEnd, type Ending, isExpired, parseExpiry } from '../../domain/expiry.ts';
import { readText } from '../../domain/values/read-fields.ts';
import { keySuffix, normaliseKey } from '../../domain/values/key-format.ts';
import type { License } from '../../domain/license.ts';
import { bindingKinds } from '../../domain/limits.ts';
import { effectiveLimits } from '../../domain/effective-limits.ts';
import { refillPoints } from '../../domain/points.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Trail } from '../../storage/port/trail.ts';
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
import { auditEvent, notifyOwner, noTrail, correctRolesOf, sendKeys } from '../trail.ts';
import { findProduct } from '../products/find-product.ts';
import { changeLicense, type FoundLicense } from './change-license.ts';
import type { Edited, EditInput, LicenseService } from './license-service.ts';
import { takeOverKey } from './take-over-key.ts';

const editable = [
  'productId',
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
      const { product: nextProduct, ending, ...fields } = read.value;
      const edited: License = { ...license, ...fields, ...ending, productId: nextProduct.id };
      const changes = changedFields(license, edited, editable);
      const rekeyed = key === null ? {} : { keySuffix: keySuffix(key) };
      const next: License = { ...edited, ...rekeyed, suspension: nextSuspension(input, current) };
      const isSuspensionChanged = (next.suspension === null) !== (license.suspension === null);
      const isEdited = Object.keys(changes).length > 0;
      if (!isEdited && !isSuspensionChanged && key === null) return fail({ code: 'nothing-to-change' });
      const before = effectiveLimits(license, product, bundle.settings);
      const after = effectiveLimits(next, nextProduct, bundle.settings);
      // Which roles a license earns depends on its product, its end and its suspension.
      const affectsRoles = 'productId' in changes || 'expiresAt' in changes || isSuspensionChanged;
      const subject = `license:${license.id}`;
      const suspensionChange = isSuspensionChanged ? suspensionTrail(input, next) : noTrail;
      const keyMessages =
        key === null || license.ownerId === null || input.silent
          ? []
          : [sendKeys(license.ownerId, 'rekeyed', [license])];
      return succeed({
        next,
        ...(key !== null && { newKey: key }),
        audit: [
          ...(isEdited ? [auditEvent(input, 'license.changed', subject, changes)] : []),
          ...suspensionChange.audit,
          ...(key === null ? [] : [auditEvent(input, 'license.rekeyed', subject)]),
        ],
        effects: [...suspensionChange.effects, ...keyMessages, ...(affectsRoles ? correctRolesOf(license) : [])],
        extra: {
          before: { license, product },
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
    product: readOrKeep(input.product, product, (text) => findProduct(bundle, text)),
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

function nextSuspension({ suspended, reason }: EditInput, { license, now }: FoundLicense): License['suspension'] {
  if (suspended === undefined) return license.suspension;
  return suspended ? (license.suspension ?? { at: now, reason: reason ?? null }) : null;
}

/** The trail of a suspension that the edit made or ended. */
function suspensionTrail(input: EditInput, license: License): Trail {
  const became = license.suspension ? 'suspended' : 'resumed';
  const audit = [auditEvent(input, `license.${became}`, `license:${license.id}`)];
  return { audit, effects: notifyOwner(license, became, input) };
}
