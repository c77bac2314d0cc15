import type { Customer } from '../../domain/customers/customer.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent, roleEffects } from '../trail.ts';
import type { CustomerService } from './customer-service.ts';
import { isBarred } from './edit-customer.ts';
import { customerNotFound } from './find-customers.ts';

export function createMergeCustomers({
  storage,
}: Pick<ServiceContext, 'storage'>): Pick<CustomerService, 'merge' | 'undoMerge'> {
  const merge: CustomerService['merge'] = async (input) => {
    const { guildId, from: fromId, into: intoId } = input;
    if (fromId === intoId) return fail({ code: 'customer-itself' });
    const read = (id: number) => storage.customer(guildId, { id });
    const [from, into] = await Promise.all([read(fromId), read(intoId)]);
    if (!from || !into) return fail(customerNotFound);
    const ownerId = into.discordId ?? from.discordId;
    // Licenses of either record may come to the actor.
    const isForActor = isBarred(input, from.discordId, ownerId) || isBarred(input, into.discordId, ownerId);
    if (isForActor) return fail({ code: 'reveal-required' });
    const merged = await storage.mergeCustomers(guildId, { from: fromId, into: intoId }, (one, two) => ({
      audit: [auditEvent(input, 'customer.merged', `customer:${one.id}`, { into: two.id, ...usersOf(one, two) })],
      effects: roleEffects(one.discordId, two.discordId),
    }));
    return merged ? succeed(merged) : fail(customerNotFound);
  };

  const undoMerge: CustomerService['undoMerge'] = async (input) => {
    const { guildId, customerId } = input;
    const undone = await storage.unmergeCustomer(guildId, customerId, (restored, from) => ({
      audit: [auditEvent(input, 'customer.merge-undone', `customer:${restored.id}`, { into: from.id })],
      effects: roleEffects(restored.discordId, from.discordId),
    }));
    if (!undone || 'taken' in undone) return fail({ code: 'undo-too-late' });
    return succeed({ from: undone.from, customer: undone.restored, effectIds: undone.effectIds });
  };

  return { merge, undoMerge };
}

/** The Discord user whose licenses came to another one. */
function usersOf(from: Customer, into: Customer) {
  const isMoved = from.discordId !== null && into.discordId !== null;
  return isMoved ? { user: { before: from.discordId, after: into.discordId } } : {};
}
