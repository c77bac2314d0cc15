import { keySuffix } from '../../domain/values/key-format.ts';
import type { License } from '../../domain/license.ts';
import { bindingKinds } from '../../domain/limits.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { mayReveal, type ServiceContext } from '../context.ts';
import { readDiscordId } from '../read-input.ts';
import { auditEvent, correctRolesOf, notifyHelpers, notifyOwner, sendKeys } from '../trail.ts';
import { changeLicense } from './change-license.ts';
import type { LicenseService, Reassigned } from './license-service.ts';
import { withNewKey } from './new-key.ts';

type Input = Parameters<LicenseService['reassign']>[0];

export function createReassignLicense(context: ServiceContext): Pick<LicenseService, 'reassign'> {
  const { storage } = context;

  async function reassign(input: Input): Promise<Result<Reassigned, CommandError>> {
    const owner = readDiscordId('user', input.ownerId);
    if (!owner.ok) return owner;
    if (!input.newKey) return move(input, owner.value, null);
    return withNewKey(context, input, (key) => move(input, owner.value, key));
  }

  function move(
    input: Input,
    ownerId: string | null,
    newKey: string | null,
  ): Promise<Result<Reassigned, CommandError>> {
    const target = { guildId: input.guildId, ref: { id: input.licenseId } };
    const machinesKept = input.keepMachines ?? false;
    return changeLicense(storage, target, ({ license }) => {
      const previousOwnerId = license.ownerId;
      const isOther = input.previousOwnerId !== undefined && input.previousOwnerId !== previousOwnerId;
      if (isOther) return fail({ code: 'changed-since' });
      if (previousOwnerId === ownerId) {
        return fail(ownerId === null ? { code: 'nothing-to-change' } : { code: 'already-owner', userId: ownerId });
      }
      // The owner of a license sees its key.
      const isForActor = input.actor.type === 'user' && input.actor.id === ownerId;
      if (isForActor && !mayReveal(input)) return fail({ code: 'reveal-required' });
      const { helperIds } = license;
      const details = {
        ...{ from: previousOwnerId, to: ownerId, machinesKept, newKey: newKey !== null },
        ...(helperIds.length > 0 && { helpers: { before: helperIds, after: [] } }),
      };
      const keys = ownerId === null || input.silent ? [] : [sendKeys(ownerId, 'reassigned', [license])];
      // The cooldown, the replacements and the switch belonged to the previous owner, and the next one decides whom they share it with.
      const next: License = {
        ...license,
        ...{ ownerId, ownerResets: [], replacements: [], switchedOff: false, helperIds: [], helpersSeeKey: false },
        ...(newKey !== null && { keySuffix: keySuffix(newKey) }),
      };
      return succeed({
        next,
        ...(!machinesKept && { release: bindingKinds.map((kind) => ({ kind, value: null })) }),
        ...(newKey !== null && { newKey }),
        audit: [
          auditEvent(input, 'license.reassigned', `license:${license.id}`, details),
          ...(isForActor ? [auditEvent(input, 'license.revealed', `license:${license.id}`)] : []),
        ],
        effects: [
          ...keys,
          ...notifyOwner(license, 'taken-away', input),
          ...notifyHelpers(
            helperIds.filter((id) => id !== ownerId),
            license,
            'unshared',
            input,
          ),
          ...correctRolesOf(license, next),
        ],
        extra: {
          previousOwnerId,
          previousHelperIds: helperIds,
          previousOwnerKnowsKey: previousOwnerId !== null && newKey === null,
          newKey,
          machinesKept,
        },
      });
    });
  }

  return { reassign };
}
