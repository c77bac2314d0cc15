import type { Customers } from '../port/customers.ts';
import type { MongoStore } from './connection.ts';
import { conflict, retryOnConflict } from './conflict.ts';
import { duplicateFields } from './errors.ts';
import { customerDocumentId } from './licenses/customer-copies.ts';
import { effectIdsOf } from './outbox.ts';
import { requireGuild } from './requirements.ts';

export function createCustomers(store: MongoStore): Customers {
  const { models, outbox, vault } = store;

  return {
    customerId: (guildId, userId) =>
      store.run(async () => {
        const found = await models.customers.findById(customerDocumentId(guildId, userId)).lean();
        return found?.uuid ?? vault.customerId(guildId, userId);
      }),

    setCustomerId: (guildId, userId, uuid, trail) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          await requireGuild(store, guildId);
          const _id = customerDocumentId(guildId, userId);
          const found = await models.customers.findById(_id).select({ rev: 1 }).lean();
          const outboxEntry = await outbox.createEntry(guildId, trail, { customer: userId });
          try {
            if (found) {
              const update = { $set: { uuid }, $inc: { rev: 1 } };
              if (!(await outbox.update(models.customers, { _id, rev: found.rev }, update, outboxEntry)))
                return conflict;
            } else {
              await outbox.insert(models.customers, { _id, rev: 0, guildId, userId, uuid }, outboxEntry);
            }
          } catch (error) {
            const fields = duplicateFields(error);
            if (fields === null) throw error;
            return fields.includes('uuid') ? { taken: true as const } : conflict;
          }
          return { customerId: uuid ?? vault.customerId(guildId, userId), effectIds: effectIdsOf(outboxEntry) };
        }),
      ),
  };
}
