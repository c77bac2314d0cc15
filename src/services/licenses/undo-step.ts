import { isDeepStrictEqual } from 'node:util';
import type { License } from '../../domain/license.ts';
import { type ValidationPoints, refillPoints } from '../../domain/points.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { changesIn, holdOf, resetAt, type UndoableStep, undoableSteps } from '../../domain/undoable-steps.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { changedFields } from '../changed-fields.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, correctRolesOf, notifyOwner } from '../trail.ts';
import { changeLicense, type FoundLicense } from './change-license.ts';
import { type EditableField, editableFields } from './edit-license.ts';
import type { LicenseChanged, LicenseService } from './license-service.ts';

/** How many of its newest events are looked at to say which steps of a license can be undone. */
const newestEvents = 50;

type Input = Parameters<LicenseService['undoStep']>[0];
type Undoing = Pick<LicenseService, 'restoreHold' | 'resume' | 'reassign' | 'undoReset' | 'restore'>;

export function createUndoStep(
  { storage, clock }: ServiceContext,
  licenses: Undoing,
): Pick<LicenseService, 'undoableSteps' | 'undoStep'> {
  async function steps(guildId: string, licenseId: number): Promise<readonly UndoableStep[]> {
    const [license, newest] = await Promise.all([
      storage.license(guildId, { id: licenseId }),
      storage.audit(guildId, { licenseId }, { limit: newestEvents, beforeId: null }),
    ]);
    return license === null ? [] : undoableSteps(newest, license, clock());
  }

  async function undoStep(input: Input): Promise<Result<LicenseChanged, CommandError>> {
    const { guildId, licenseId } = input;
    if ((await storage.license(guildId, { id: licenseId })) === null) return fail({ code: 'license-not-found' });
    const step = (await steps(guildId, licenseId)).find(({ id }) => id === input.stepId);
    if (!step) return fail({ code: 'changed-since' });
    const undone = await undo(input, step);
    return undone.ok || !stateErrors.includes(undone.error.code) ? undone : fail({ code: 'changed-since' });
  }

  async function undo(input: Input, step: UndoableStep): Promise<Result<LicenseChanged, CommandError>> {
    switch (step.action) {
      case 'license.suspended':
        return licenses.resume({ ...input, hold: holdOf(step).kind });
      case 'license.resumed':
        return licenses.restoreHold({ ...input, hold: holdOf(step) });
      case 'license.reassigned': {
        const { from, to, machinesKept } = step.details as Readonly<Record<string, string | boolean | null>>;
        const [ownerId, previousOwnerId] = [from, to].map((id) => (typeof id === 'string' ? id : null));
        return licenses.reassign({
          ...input,
          ownerId: ownerId ?? null,
          previousOwnerId: previousOwnerId ?? null,
          keepMachines: machinesKept === true,
        });
      }
      case 'license.reset':
        return licenses.undoReset({ ...input, at: resetAt(step.details) ?? step.at });
      case 'license.deleted':
        return licenses.restore(input);
      case 'license.extended':
      case 'license.changed':
        return changeLicense(storage, { guildId: input.guildId, ref: { id: input.licenseId } }, (found) =>
          putBack(input, step, found),
        );
    }
  }

  return { undoableSteps: steps, undoStep };
}

/** What another use case says where the license is no longer as the step left it. */
const stateErrors: readonly CommandError['code'][] = [
  ...(['already-suspended', 'not-suspended', 'already-owner', 'nothing-to-change'] as const),
  ...(['license-not-deleted', 'license-deleted'] as const),
];

/** The edit that gives the fields of a step the values before it. */
function putBack(input: Input, step: UndoableStep, { license: stored, bundle, now }: FoundLicense) {
  const license: License = { ...stored, points: refillPoints(stored.points, now) };
  const values: Partial<Record<EditableField, unknown>> = {};
  for (const [field, { before, after }] of changesIn(step.details)) {
    if (!isEditable(field) || !isSame(field, license[field], after)) return fail({ code: 'changed-since' } as const);
    values[field] = revive(field, before, license);
  }
  const next = { ...license, ...values } as License;
  if (next.staff && !license.staff && !input.mayManage) return fail({ code: 'staff-needs-manage-server' } as const);
  const product = bundle.products.byId(next.productId);
  if (!product) return fail({ code: 'product-not-found', product: null } as const);
  if (product.deletedAt) return fail({ code: 'product-deleted', name: product.name } as const);
  const changes = changedFields(license, next, editableFields);
  const affectsRoles = 'productId' in changes || 'expiresAt' in changes;
  return succeed({
    next,
    audit: [auditEvent(input, 'license.changed', `license:${license.id}`, { ...changes, undone: true })],
    effects: [
      // Who was told of the new end is told of the old one.
      ...(step.action === 'license.extended' ? notifyOwner(next, 'extended', input) : []),
      ...(affectsRoles ? correctRolesOf(license) : []),
    ],
    extra: {},
  });
}

function isEditable(field: string): field is EditableField {
  return (editableFields as readonly string[]).includes(field);
}

/** Compares a value with one that an event has stored as JSON. When points were refilled does not count. */
function isSame(field: EditableField, current: unknown, stored: unknown): boolean {
  const comparable = (value: unknown) =>
    field === 'points' ? { ...(value as ValidationPoints), refilledAt: null } : (value ?? null);
  return isDeepStrictEqual(JSON.parse(JSON.stringify(comparable(current))), comparable(stored));
}

/** A stored value of a field, as licenses have it. */
function revive(field: EditableField, stored: unknown, { points: { refilledAt } }: License): unknown {
  if (field === 'expiresAt') return typeof stored === 'string' ? new Date(stored) : null;
  return field === 'points' ? { ...(stored as ValidationPoints), refilledAt } : stored;
}
