import { defineCheck } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import { askedProduct } from '../asked-product.ts';
import { describeInvalidField } from './parse.ts';

/** How a check of SunLicense is decided. */
export const definition = defineCheck({
  protocol: 'sunlicense',
  rules: [
    rules.malformed,
    rules.hwidPlaceholder(describeInvalidField('hwid')),
    rules.productUnknown,
    rules.licenseUnknown,
    rules.productMismatch,
    rules.ipBlacklisted,
    rules.countryBlacklisted,
    rules.hwidBlacklisted,
    rules.keyBlacklisted,
    rules.userBlacklisted,
    rules.suspended,
    rules.switchedOff,
    rules.expired,
    rules.ipLimit,
    rules.hwidLimit,
    rules.macLimit,
  ],
  findProduct: askedProduct,
  limitedIp: ({ declaredIp, observedIp }, settings) =>
    settings['sunlicense.acceptDeclaredIp'] && declaredIp !== null ? declaredIp : observedIp,
});
