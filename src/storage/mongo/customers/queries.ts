import { foldEmail } from '../../../domain/customers/email.ts';
import { foldSearched } from '../../../domain/values/text.ts';
import { customerOf, openEmail } from '../../customers/stored-customer.ts';
import { type Customers, maxCustomersByEmail } from '../../port/customers.ts';
import { retryOnConflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import type { CustomerDocument } from '../documents.ts';
import { collectionOf } from '../database/models.ts';
import { beyondIds, windowBefore } from '../id-windows.ts';
import { scanWindows } from '../steps.ts';
import { storedOf } from './documents.ts';
import { findCustomer } from './find.ts';

type Queries = Pick<Customers, 'customer' | 'customersByEmail' | 'customers' | 'customerEmail'>;

export function createCustomerQueries(store: MongoStore): Queries {
  const { models, vault } = store;
  const read = (document: CustomerDocument) => customerOf(vault, storedOf(document));
  const find = (...[guildId, ref]: Parameters<Customers['customer']>) =>
    store.run(() => retryOnConflict(store, () => findCustomer(store, guildId, ref)));

  return {
    customer: async (guildId, ref) => {
      const found = await find(guildId, ref);
      return found && read(found);
    },

    customersByEmail: (guildId, address) =>
      store.run(async () => {
        const emailHash = vault.emailHash(guildId, foldEmail(address)).toString('hex');
        const found = await models.customers
          .find({ guildId, emailHash, retired: 0 })
          .sort({ _id: 1 })
          .limit(maxCustomersByEmail)
          .lean<CustomerDocument[]>();
        return found.map(read);
      }),

    customers: (guildId, { text, system }, { limit, beforeId }) => {
      // An expression that compares texts, because a regular expression would be made of what a person typed.
      const part = { $literal: foldSearched(text ?? '') };
      const hasPart = text === undefined ? {} : { $expr: { $gte: [{ $indexOfCP: ['$namesFolded', part] }, 0] } };
      const isOfSystem = system === undefined ? {} : { 'identities.system': system };
      return store.run(() =>
        scanWindows(beforeId ?? beyondIds, limit, async (before, wanted) => {
          const { ids, next } = await windowBefore(models.customers, { guildId }, before);
          const found = await collectionOf(models.customers)
            .find({ guildId, _id: ids, retired: 0, ...isOfSystem, ...hasPart } as object)
            .sort({ _id: -1 })
            .limit(wanted)
            .toArray();
          return { found: found.map((document) => read(document as CustomerDocument)), next };
        }),
      );
    },

    customerEmail: async (guildId, id) => {
      const found = await find(guildId, { id });
      return found && openEmail(vault, storedOf(found));
    },
  };
}
