import type { Customers } from '../../port/customers.ts';
import type { SqliteStore } from '../connection.ts';
import { requireGuild } from '../requirements.ts';
import { recordTrail } from '../trail.ts';
import { ensureRow, findCustomer, updateCustomer } from './rows.ts';

export function createCustomerUuids(store: SqliteStore): Pick<Customers, 'customerId' | 'setCustomerId'> {
  const { vault } = store;

  return {
    customerId: (guildId, discordId) =>
      store.read(() => findCustomer(store, guildId, { discordId })?.uuid ?? vault.customerId(guildId, discordId)),

    // Checks read the record, not the bundle cache, so the bundle version is not raised.
    setCustomerId: (guildId, discordId, supplied, trail) =>
      store.write(() => {
        requireGuild(store, guildId);
        const uuid = supplied ?? vault.customerId(guildId, discordId);
        const found = findCustomer(store, guildId, { discordId });
        if (!found && supplied === null) return { customerId: uuid, ...recordTrail(store, guildId, trail) };
        const holder = findCustomer(store, guildId, { uuid });
        if (holder && holder.discordId !== discordId) return { taken: true as const };
        const customer = found ?? ensureRow(store, guildId, discordId);
        const changed = { uuid, uuidSupplied: supplied !== null, revision: customer.revision + 1 };
        updateCustomer(store, { ...customer, ...changed, updatedAt: store.now() });
        return { customerId: uuid, ...recordTrail(store, guildId, trail) };
      }),
  };
}
