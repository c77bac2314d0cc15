import { changedCustomer, emptyCustomer } from '../../customers/new-customer.ts';
import { customerOf, sealEmail, type StoredCustomer } from '../../customers/stored-customer.ts';
import type { Customers, CustomerTaken } from '../../port/customers.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import type { CustomerDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { takeNumbers } from '../ids.ts';
import { effectIdsOf } from '../outbox.ts';
import { requireGuild } from '../requirements.ts';
import { customerFieldsOf, storedOf } from './documents.ts';
import { ensureDocument } from './ensure.ts';
import { findTaken, readCustomer } from './find.ts';

type Changes = Pick<Customers, 'ensureCustomer' | 'createCustomer' | 'changeCustomer'>;

export function createCustomerChanges(store: MongoStore): Changes {
  const { models, outbox, vault } = store;
  const read = (document: CustomerDocument) => customerOf(vault, storedOf(document));

  async function takenBy(customer: StoredCustomer): Promise<CustomerTaken | null | typeof conflict> {
    const found = await findTaken(store, customer);
    return found === null || found === conflict ? found : { taken: found.taken, holder: read(found.holder) };
  }

  /** Another process may have stored what is unique since it was looked up. */
  async function orConflict<T>(write: Promise<T>): Promise<T | typeof conflict> {
    try {
      return await write;
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
      return conflict;
    }
  }

  return {
    ensureCustomer: (guildId, discordId) =>
      store.run(async () => {
        await requireGuild(store, guildId);
        return read(await retryOnConflict(store, () => ensureDocument(store, guildId, discordId)));
      }),

    createCustomer: (guildId, { email, uuid, ...fields }, trail) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          await requireGuild(store, guildId);
          const id = await takeNumbers(models, 'customer', 1);
          const empty = emptyCustomer(store, { id, guildId, discordId: fields.discordId }, false);
          const supplied = uuid === null ? {} : { uuid, uuidSupplied: true };
          const customer = { ...empty, ...fields, ...supplied, ...sealEmail(vault, empty, email) };
          const taken = await takenBy(customer);
          if (taken) return taken;
          const made = customerOf(vault, customer);
          const outboxEntry = await outbox.createEntry(guildId, trail(made));
          const document: CustomerDocument = { _id: id, rev: 0, ...customerFieldsOf(customer) };
          const inserted = await orConflict(outbox.insert(models.customers, document, outboxEntry));
          return inserted === conflict ? conflict : { customer: made, effectIds: effectIdsOf(outboxEntry) };
        }),
      ),

    changeCustomer: (guildId, id, change) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const found = await readCustomer(store, id);
          if (found?.guildId !== guildId || found.retired !== 0) return null;
          const { next, trail, result, email } = change(read(found), store.now());
          if (!next) return { ...result, effectIds: [] };
          const changed = changedCustomer(vault, storedOf(found), next, email);
          const taken = await takenBy(changed);
          if (taken) return taken;
          const outboxEntry = await outbox.createEntry(guildId, trail, { customer: id });
          const update = { $set: customerFieldsOf(changed), $inc: { rev: 1 } };
          const filter = { _id: id, rev: found.rev, retired: 0 };
          const isChanged = await orConflict(outbox.update(models.customers, filter, update, outboxEntry));
          return isChanged === true ? { ...result, effectIds: effectIdsOf(outboxEntry) } : conflict;
        }),
      ),
  };
}
