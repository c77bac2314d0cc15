import { absorb, giveBack } from '../../customers/merge.ts';
import { customerOf } from '../../customers/stored-customer.ts';
import type { Customers } from '../../port/customers.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import { duplicateFields } from '../errors.ts';
import { effectIdsOf } from '../outbox.ts';
import { customerFieldsOf, storedOf } from './documents.ts';
import { finishEntries, findTaken, readCustomer } from './find.ts';
import { mergeRecords } from './merge-records.ts';

export function createCustomerMerges(store: MongoStore): Pick<Customers, 'mergeCustomers' | 'unmergeCustomer'> {
  const { models, outbox, vault } = store;

  return {
    mergeCustomers: (guildId, ids, trail) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const [from, into] = await Promise.all([readCustomer(store, ids.from), readCustomer(store, ids.into)]);
          if (from?.guildId !== guildId || into?.guildId !== guildId || from._id === into._id) return null;
          // Merges and undos of one record follow each other, also those of processes that died.
          if ((await finishEntries(store, from)) || (await finishEntries(store, into))) return conflict;
          if (from.retired !== 0 || into.retired !== 0) return null;
          const [one, two] = [storedOf(from), storedOf(into)];
          const before = [customerOf(vault, one), customerOf(vault, two)] as const;
          const outboxEntry = await outbox.createEntry(guildId, trail(...before), { customer: from._id });
          const customer = customerOf(vault, absorb(vault, two, one, store.now()));
          if (!(await mergeRecords(store, { from, into, outboxEntry }))) return conflict;
          return { from: before[0], customer, effectIds: effectIdsOf(outboxEntry) };
        }),
      ),

    unmergeCustomer: (guildId, id, trail) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const merged = await readCustomer(store, id);
          if (merged?.guildId !== guildId || merged.retired === 0 || merged.mergedInto === null) return null;
          const into = await readCustomer(store, merged.mergedInto);
          if (!into) return null;
          if ((await finishEntries(store, merged)) || (await finishEntries(store, into))) return conflict;
          if (into.retired !== 0) return null;
          const taken = await findTaken(store, storedOf(merged), [into._id]);
          if (taken) return taken === conflict ? conflict : { taken: true as const };
          const now = store.now();
          const others = giveBack(storedOf(into), storedOf(merged), now);
          const restored = { ...storedOf(merged), retired: 0, revision: merged.revision + 1, updatedAt: now };
          const [own, from] = [customerOf(vault, restored), customerOf(vault, others)];
          const outboxEntry = await outbox.createEntry(guildId, trail(own, from), { returning: id });
          const update = { $set: customerFieldsOf(others), $inc: { rev: 1 } };
          const filter = { _id: into._id, rev: into.rev, retired: 0 };
          try {
            if (!(await outbox.update(models.customers, filter, update, outboxEntry))) return conflict;
          } catch (error) {
            if (duplicateFields(error) === null) throw error;
            return { taken: true as const };
          }
          return { restored: own, from, effectIds: effectIdsOf(outboxEntry) };
        }),
      ),
  };
}
