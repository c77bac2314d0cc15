import { absorb, giveBack } from '../../customers/merge.ts';
import { customerOf, type StoredCustomer } from '../../customers/stored-customer.ts';
import type { Customers } from '../../port/customers.ts';
import type { SqliteStore } from '../connection.ts';
import { recordTrail } from '../trail.ts';
import { beginSettling, finishSettling } from './licenses-of-customer.ts';
import { findCustomer, findTaken, readCustomer, updateCustomer } from './rows.ts';

/** Inside `write`: one record becomes part of another one, which is returned as it is then. */
function mergeRows(store: SqliteStore, from: StoredCustomer, into: StoredCustomer): StoredCustomer {
  // Retired first, so that the other record can have what is unique.
  updateCustomer(store, { ...from, retired: from.id, mergedInto: into.id, movedLicenseIds: [] });
  const merged = absorb(store.vault, into, from, store.now());
  updateCustomer(store, merged);
  beginSettling(store, from.guildId, into.id);
  beginSettling(store, from.guildId, from.id);
  return merged;
}

/**
 * Inside `write`: a customer without a Discord user is this one. Their record gets the Discord user, or becomes part of
 * the one that the user has. Returns the user's record.
 */
export function linkRow(store: SqliteStore, customer: StoredCustomer, discordId: string): StoredCustomer {
  const known = findCustomer(store, customer.guildId, { discordId });
  if (known) return mergeRows(store, customer, known);
  const linked = { ...customer, discordId, revision: customer.revision + 1, updatedAt: store.now() };
  updateCustomer(store, linked);
  beginSettling(store, customer.guildId, customer.id);
  return linked;
}

export function createCustomerMerges(store: SqliteStore): Pick<Customers, 'mergeCustomers' | 'unmergeCustomer'> {
  const { vault } = store;

  return {
    mergeCustomers: async (guildId, ids, trail) => {
      const outcome = await store.write(() => {
        const from = findCustomer(store, guildId, { id: ids.from });
        const into = findCustomer(store, guildId, { id: ids.into });
        if (!from || !into || from.id === into.id) return null;
        const before = [customerOf(vault, from), customerOf(vault, into)] as const;
        const customer = customerOf(vault, mergeRows(store, from, into));
        return { from: before[0], customer, ...recordTrail(store, guildId, trail(...before)) };
      });
      await finishSettling(store, guildId, ids.into);
      await finishSettling(store, guildId, ids.from);
      return outcome;
    },

    unmergeCustomer: async (guildId, id, trail) => {
      let intoId = id;
      const outcome = await store.write(() => {
        const retired = readCustomer(store, guildId, id);
        const into = retired?.mergedInto ? findCustomer(store, guildId, { id: retired.mergedInto }) : null;
        if (!retired || retired.retired === 0 || !into) return null;
        intoId = into.id;
        if (findTaken(store, retired, [into.id])) return { taken: true as const };
        const others = giveBack(into, retired, store.now());
        if (findTaken(store, others)) return { taken: true as const };
        updateCustomer(store, others);
        const restored = { ...retired, retired: 0, revision: retired.revision + 1, updatedAt: store.now() };
        updateCustomer(store, restored);
        beginSettling(store, guildId, id);
        beginSettling(store, guildId, into.id);
        const [own, from] = [customerOf(vault, restored), customerOf(vault, others)];
        return { restored: own, from, ...recordTrail(store, guildId, trail(own, from)) };
      });
      await finishSettling(store, guildId, id);
      await finishSettling(store, guildId, intoId);
      return outcome;
    },
  };
}
