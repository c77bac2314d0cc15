import type { ServiceContext } from '../context.ts';
import type { CustomerService } from './customer-service.ts';
import { createEditCustomer } from './edit-customer.ts';
import { createFindCustomers } from './find-customers.ts';
import { createMergeCustomers } from './merge-customers.ts';
import { createUserUuids } from './user-uuids.ts';

export function createCustomerService(context: Pick<ServiceContext, 'storage'>): CustomerService {
  return {
    ...createUserUuids(context),
    ...createFindCustomers(context),
    ...createEditCustomer(context),
    ...createMergeCustomers(context),
  };
}
