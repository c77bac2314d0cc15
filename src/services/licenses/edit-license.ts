import { activationEnd, isExpired, parseExpiry } from '../../domain/expiry.ts';
import type { Ending } from '../../domain/expiry.ts';
import { readText } from '../../domain/fields.ts';
import type { License } from '../../domain/license.ts';
import { bindingKinds, effectiveLimits } from '../../domain/limits.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { refuse, succeed } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { changedFields } from '../changes.ts';
import type { ServiceContext } from '../context.ts';
import { allOf, orStays, readForgetAfter, readLimits } from '../fields.ts';
import { findProduct } from '../products/find-product.ts';
import { auditEvent, roleEffects } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { Seen } from './change-license.ts';
import type { Edited, EditInput, LicenseService } from './license-service.ts';
import { readableChanges } from './readable-changes.ts';

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
] as const;

export function createEditLicense({ storage }: ServiceContext): Pick<LicenseService, 'edit'> {
  function edit(input: EditInput): Promise<Result<Edited, Refusal>> {
    return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, (seen) => {
      const { license, product, bundle } = seen;
      if (input.staff && !license.staff && !input.mayManage) return refuse({ code: 'staff-needs-manage-server' });
      const read = readEdit(input, seen);
      if (!read.ok) return read;
      const { product: nextProduct, ending, ...fields } = read.value;
      const next: License = { ...license, ...fields, ...ending, productId: nextProduct.id };
      const changes = changedFields(license, next, editable);
      if (Object.keys(changes).length === 0) return refuse({ code: 'nothing-to-change' });
      const before = effectiveLimits(license, product, bundle.settings);
      const after = effectiveLimits(next, nextProduct, bundle.settings);
      // roles follow from product and end
      const affectsRoles = 'productId' in changes || 'expiresAt' in changes;
      return succeed({
        next,
        audit: [auditEvent(input, 'license.changed', `license:${license.id}`, changes)],
        effects: affectsRoles ? roleEffects(license.ownerId) : [],
        extra: {
          changes: readableChanges({ license, product }, { license: next, product: nextProduct }),
          newlyLimited: bindingKinds.filter((kind) => before[kind] === null && after[kind] !== null),
          shutOut: bindingKinds.filter((kind) => before[kind] !== 0 && after[kind] === 0),
        },
      });
    });
  }

  return { edit };
}

function readEdit(input: EditInput, { license, product, bundle, now }: Seen) {
  return allOf({
    product: orStays(input.product, product, (text) => findProduct(bundle, text)),
    name: orStays(input.name, license.name, (text) => readText('name', text)),
    note: orStays(input.note, license.note, (text) => readText('note', text)),
    order: orStays(input.order, license.order, (text) => readText('order', text)),
    staff: succeed(input.staff ?? license.staff),
    limits: readLimits(license.limits, input.limits),
    forgetAfter: readForgetAfter(license.forgetAfter, input.forgetAfter),
    ending: orStays(input.expires, { expiry: license.expiry, expiresAt: license.expiresAt }, (text) =>
      readEnding(text, license, now),
    ),
  });
}

/** Durations count from when the license was created or first used, not from this edit. */
function readEnding(text: string, license: License, now: Date): Result<Ending, Refusal> {
  const parsed = parseExpiry(text, license.createdAt);
  if (!parsed.ok) return refuse({ code: 'invalid-expiry', detail: parsed.error });
  const { expiry } = parsed.value;
  const activated = license.activatedAt && activationEnd(expiry, license.activatedAt);
  const expiresAt = activated ?? parsed.value.expiresAt;
  if (!isExpired(expiresAt, now)) return succeed({ expiry, expiresAt });
  const detail =
    'That end has passed: durations count from when the license was created or first used. ' +
    'Write a later date, or extend the license.';
  return refuse({ code: 'invalid-expiry', detail });
}
