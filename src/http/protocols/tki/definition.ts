import { defineCheck } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import { missingFields } from './parse.ts';

const hwidIsWrong = 'Invalid field: data.hwid';
const hwidMissing = rules.hwidMissing('tki.requireHwid', missingFields);
/** A missing HWID is reported before a wrong field, but a HWID of the wrong type is not missing. */
const hwidMissingButNotWrong: typeof hwidMissing = {
  ...hwidMissing,
  objection: (check) => (check.request.malformed === hwidIsWrong ? null : hwidMissing.objection(check)),
};

/** How a check of TKI Auth is decided. */
export const definition = defineCheck({
  protocol: 'tki',
  rules: [
    hwidMissingButNotWrong,
    rules.hwidPlaceholder(missingFields),
    rules.malformed,
    rules.ipBlacklisted,
    rules.countryBlacklisted,
    rules.hwidBlacklisted,
    rules.keyBlacklisted,
    rules.licenseUnknown,
    rules.userBlacklisted,
    rules.productUnknownUnlessStaff,
    rules.productMismatch,
    rules.versionMismatch,
    rules.suspended,
    rules.switchedOff,
    rules.expired,
    rules.ipLimit,
    rules.hwidLimit,
  ],
  findProduct: ({ product }, products) => (product === null ? null : products.byName(product)),
  limitedIp: ({ declaredIp }) => declaredIp,
  showsOwner: () => true,
});
