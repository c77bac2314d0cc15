import { changedCustomer } from '../../customers/new-customer.ts';
import { customerOf, sealEmail, type StoredCustomer } from '../../customers/stored-customer.ts';
import type { Customers, CustomerTaken } from '../../port/customers.ts';
import type { SqliteStore } from '../connection.ts';
import { requireGuild } from '../requirements.ts';
import { recordTrail } from '../trail.ts';
import { beginSettling, finishSettling } from './licenses-of-customer.ts';
import { ensureRow, findTaken, insertCustomer, newRow, readCustomer, updateCustomer } from './rows.ts';

type Changes = Pick<Customers, 'ensureCustomer' | 'createCustomer' | 'changeCustomer'>;

export function createCustomerChanges(store: SqliteStore): Changes {
  const { vault } = store;

  function takenBy(customer: StoredCustomer): CustomerTaken | null {
    const found = findTaken(store, customer);
    return found && { taken: found.taken, holder: customerOf(vault, found.holder) };
  }

  return {
    ensureCustomer: (guildId, discordId) =>
      store.write(() => {
        requireGuild(store, guildId);
        return customerOf(vault, ensureRow(store, guildId, discordId));
      }),

    createCustomer: (guildId, { email, uuid, ...fields }, trail) =>
      store.write(() => {
        requireGuild(store, guildId);
        const empty = newRow(store, guildId, fields.discordId);
        const supplied = uuid === null ? {} : { uuid, uuidSupplied: true };
        const customer = { ...empty, ...fields, ...supplied, ...sealEmail(vault, empty, email) };
        const taken = takenBy(customer);
        if (taken) return taken;
        insertCustomer(store, customer);
        const made = customerOf(vault, customer);
        return { customer: made, ...recordTrail(store, guildId, trail(made)) };
      }),

    changeCustomer: async (guildId, id, change) => {
      const outcome = await store.write(() => {
        const stored = readCustomer(store, guildId, id);
        if (stored?.retired !== 0) return null;
        const { next, trail, result, email } = change(customerOf(vault, stored), store.now());
        if (!next) return { ...result, effectIds: [] };
        const changed = changedCustomer(vault, stored, next, email);
        const taken = takenBy(changed);
        if (taken) return taken;
        updateCustomer(store, changed);
        beginSettling(store, guildId, id);
        return { ...result, ...recordTrail(store, guildId, trail) };
      });
      await finishSettling(store, guildId, id);
      return outcome;
    },
  };
}
