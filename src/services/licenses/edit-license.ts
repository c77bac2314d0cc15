import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect } from '../../domain/effect.ts';
import { activationEnd, type Ending, isExpired, parseExpiry } from '../../domain/expiry.ts';
import { readText } from '../../domain/read-fields.ts';
import { keySuffix, normaliseKey } from '../../domain/key-format.ts';
import type { License } from '../../domain/license.ts';
import { bindingKinds } from '../../domain/limits.ts';
import { effectiveLimits } from '../../domain/effective-limits.ts';
import { refillPoints } from '../../domain/points.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import { changedFields } from '../changed-fields.ts';
import type { ServiceContext } from '../context.ts';
import { allOf, orStays, readEnding, readForgetAfter, readLimits, readPoints } from '../read-input.ts';
import { auditEvent, roleEffects, sendKeys, notifyOwner } from '../trail.ts';
import { findProduct } from '../products/find-product.ts';
import { changeLicense, type Found } from './change-license.ts';
import type { Edited, EditInput, LicenseService } from './license-service.ts';

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
] as const;

export function createEditLicense({ storage }: ServiceContext): Pick<LicenseService, 'edit'> {
  async function edit(input: EditInput): Promise<Result<Edited, CommandError>> {
    const key = await readNewKey(input);
    if (!key.ok) return key;
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, (found) => {
      const { product, bundle, now } = found;
      // Points that came back by themselves are no change.
      const license: License = { ...found.license, points: refillPoints(found.license.points, now) };
      const seen = { ...found, license };
      if (input.staff && !license.staff && !input.mayManage) return fail({ code: 'staff-needs-manage-server' });
      const read = readEdit(input, seen);
      if (!read.ok) return read;
      const { product: nextProduct, ending, ...fields } = read.value;
      const edited: License = { ...license, ...fields, ...ending, productId: nextProduct.id };
      const changes = changedFields(license, edited, editable);
      const rekeyed = key.value === null ? {} : { keySuffix: keySuffix(key.value) };
      const next: License = { ...edited, ...rekeyed, suspension: nextSuspension(input, seen) };
      const isSwitched = (next.suspension === null) !== (license.suspension === null);
      const isEdited = Object.keys(changes).length > 0;
      if (!isEdited && !isSwitched && key.value === null) return fail({ code: 'nothing-to-change' });
      const before = effectiveLimits(license, product, bundle.settings);
      const after = effectiveLimits(next, nextProduct, bundle.settings);
      // roles follow from product, end and suspension
      const affectsRoles = 'productId' in changes || 'expiresAt' in changes || isSwitched;
      const subject = `license:${license.id}`;
      const suspended = isSwitched ? suspensionTrail(input, next) : noTrail;
      const ownKeys = license.ownerId === null || input.silent ? [] : [sendKeys(license.ownerId, 'rekeyed', [license])];
      return succeed({
        next,
        ...(key.value !== null && { newKey: key.value }),
        audit: [
          ...(isEdited ? [auditEvent(input, 'license.changed', subject, changes)] : []),
          ...suspended.audit,
          ...(key.value === null ? [] : [auditEvent(input, 'license.rekeyed', subject)]),
        ],
        effects: [
          ...suspended.effects,
          ...(key.value === null ? [] : ownKeys),
          ...(affectsRoles ? roleEffects(license.ownerId) : []),
        ],
        extra: {
          before: { license, product },
          newlyLimited: bindingKinds.filter((kind) => before[kind] === null && after[kind] !== null),
          shutOut: bindingKinds.filter((kind) => before[kind] !== 0 && after[kind] === 0),
        },
      });
    });
  }

  /** null: it keeps the one it has. */
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

function readEdit(input: EditInput, { license, product, bundle, now }: Found) {
  return allOf({
    product: orStays(input.product, product, (text) => findProduct(bundle, text)),
    name: orStays(input.name, license.name, (text) => readText('name', text)),
    note: orStays(input.note, license.note, (text) => readText('note', text)),
    order: orStays(input.order, license.order, (text) => readText('order', text)),
    scope: orStays(input.scope, license.scope, (text) => readText('scope', text)),
    staff: succeed(input.staff ?? license.staff),
    limits: readLimits(license.limits, input.limits),
    forgetAfter: readForgetAfter(license.forgetAfter, input.forgetAfter),
    points: readPoints(license.points, input.points, now),
    ending: orStays(input.expires, { expiry: license.expiry, expiresAt: license.expiresAt }, (expires) =>
      readEnding(expires, (text) => parseEnding(text, license, now)),
    ),
  });
}

/** Durations count from when the license was created or first used, not from this edit. */
function parseEnding(text: string, license: License, now: Date): Result<Ending, CommandError> {
  const parsed = parseExpiry(text, license.createdAt);
  if (!parsed.ok) return fail({ code: 'invalid-expiry', problem: parsed.error });
  const { expiry } = parsed.value;
  const activated = license.activatedAt && activationEnd(expiry, license.activatedAt);
  const expiresAt = activated ?? parsed.value.expiresAt;
  if (!isExpired(expiresAt, now)) return succeed({ expiry, expiresAt });
  return fail({ code: 'invalid-expiry', problem: { code: 'end-has-passed' } });
}

function nextSuspension({ suspended, reason }: EditInput, { license, now }: Found): License['suspension'] {
  if (suspended === undefined) return license.suspension;
  return suspended ? (license.suspension ?? { at: now, reason: reason ?? null }) : null;
}

const noTrail = { audit: [], effects: [] };

function suspensionTrail(
  input: EditInput,
  license: License,
): { readonly audit: readonly NewAuditEvent[]; readonly effects: readonly Effect[] } {
  const became = license.suspension ? 'suspended' : 'resumed';
  const audit = [auditEvent(input, `license.${became}`, `license:${license.id}`)];
  return { audit, effects: notifyOwner(license, became, input) };
}
