import { defineCheck } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';

/** How a check of LicenseGate is decided. */
export const definition = defineCheck({
  protocol: 'licensegate',
  rules: [
    rules.malformed,
    rules.licenseUnknown,
    rules.suspended,
    rules.switchedOff,
    rules.ipBlacklisted,
    rules.countryBlacklisted,
    rules.keyBlacklisted,
    rules.userBlacklisted,
    rules.scopeMismatch,
    rules.expired,
    rules.pointsSpent,
    rules.ipLimit,
  ],
  // Clients of this system name no product: the check is about the license's main one.
  findProduct: (_request, products, license) => license && products.byId(license.productId),
  limitedIp: ({ observedIp }) => observedIp,
  spendsPoints: true,
});
