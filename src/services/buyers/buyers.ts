import type { ServiceContext } from '../context.ts';
import type { LicenseService } from '../licenses/license-service.ts';
import type { BuyerService } from './buyer-service.ts';
import { createOwnLicenses } from './own-licenses.ts';
import { createOwnerChanges } from './owner-changes.ts';
import { createRedeem } from './redeem.ts';

export function createBuyers(context: ServiceContext, licenses: LicenseService): BuyerService {
  return {
    ...createOwnLicenses(context, licenses),
    ...createOwnerChanges(context),
    ...createRedeem(context),
  };
}
