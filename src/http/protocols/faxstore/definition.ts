import { defineCheck } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import { askedProduct } from '../asked-product.ts';

/** How a check of FaxStore is decided. */
export const definition = defineCheck({
  protocol: 'faxstore',
  rules: [
    rules.malformed,
    rules.productUnknown,
    rules.licenseUnknown,
    rules.productMismatch,
    rules.ipBlacklisted,
    rules.countryBlacklisted,
    rules.keyBlacklisted,
    rules.userBlacklisted,
    rules.suspended,
    rules.switchedOff,
    rules.expired,
    rules.ipLimit,
  ],
  findProduct: askedProduct,
  limitedIp: ({ observedIp }) => observedIp,
});

export const v1Definition = defineCheck({ ...definition, rules: [rules.routeOff('faxstore.v1'), ...definition.rules] });
