import type { ServiceContext } from '../context.ts';
import type { LicenseService } from '../licenses/license-service.ts';
import type { BuyerService } from './buyer-service.ts';
import { createViewLicenses } from './view-licenses.ts';
import { createOwnerChanges } from './owner-changes.ts';
import { createTrials } from './trial.ts';
import { createShareOwned } from './share-owned.ts';
import { createRedeem } from './redeem.ts';

/** All use cases of owners and helpers, put together from one file each. */
export function createBuyerService(context: ServiceContext, licenses: LicenseService): BuyerService {
  return {
    ...createViewLicenses(context, licenses),
    ...createOwnerChanges(context),
    ...createShareOwned(context),
    ...createRedeem(context),
    ...createTrials(context, licenses),
  };
}
