import type { Customers } from '../../port/customers.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import { duplicateFields } from '../errors.ts';
import { effectIdsOf } from '../outbox.ts';
import { requireGuild } from '../requirements.ts';
import { ensureDocument } from './ensure.ts';
import { findCustomer } from './find.ts';

export function createCustomerUuids(store: MongoStore): Pick<Customers, 'customerId' | 'setCustomerId'> {
  const { models, outbox, vault } = store;

  return {
    customerId: (guildId, discordId) =>
      store.run(async () => {
        const found = await retryOnConflict(store, () => findCustomer(store, guildId, { discordId }));
        return found?.uuid ?? vault.customerId(guildId, discordId);
      }),

    setCustomerId: (guildId, discordId, supplied, trail) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          await requireGuild(store, guildId);
          const uuid = supplied ?? vault.customerId(guildId, discordId);
          const found = await findCustomer(store, guildId, { discordId });
          if (found === conflict) return conflict;
          if (!found && supplied === null) {
            return { customerId: uuid, ...(await outbox.recordTrail(guildId, trail)) };
          }
          const holder = await findCustomer(store, guildId, { uuid });
          if (holder === conflict) return conflict;
          if (holder && holder.discordId !== discordId) return { taken: true as const };
          const customer = found ?? (await ensureDocument(store, guildId, discordId));
          if (customer === conflict) return conflict;
          const { _id, rev } = customer;
          const outboxEntry = await outbox.createEntry(guildId, trail, { customer: _id });
          const fields = { uuid, uuidSupplied: supplied !== null, updatedAt: store.now() };
          const update = { $set: fields, $inc: { rev: 1, revision: 1 } };
          try {
            if (!(await outbox.update(models.customers, { _id, rev, retired: 0 }, update, outboxEntry)))
              return conflict;
          } catch (error) {
            if (duplicateFields(error) === null) throw error;
            return conflict;
          }
          return { customerId: uuid, effectIds: effectIdsOf(outboxEntry) };
        }),
      ),
  };
}
