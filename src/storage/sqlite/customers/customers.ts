import type { Customers } from '../../port/customers.ts';
import type { SqliteStore } from '../connection.ts';
import { createCustomerChanges } from './changes.ts';
import { createCustomerMerges } from './merges.ts';
import { createCustomerQueries } from './queries.ts';
import { createCustomerUuids } from './uuids.ts';

export function createCustomers(store: SqliteStore): Customers {
  return {
    ...createCustomerUuids(store),
    ...createCustomerQueries(store),
    ...createCustomerChanges(store),
    ...createCustomerMerges(store),
  };
}
