import { defineCheck } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import { hwidMissingMessage, keyForm, keyFormMessage } from './schema.ts';

/** The guild can take a key of another form for its own, so that this is a rule and not part of the schema. */
export const keyMalformed = rules.keyMalformed(keyForm, keyFormMessage);

/** How a check of Lukittu is decided. */
export const definition = defineCheck({
  protocol: 'lukittu',
  rules: [
    rules.malformed,
    keyMalformed,
    rules.hwidMissing('lukittu.requireHwid', hwidMissingMessage),
    rules.hwidPlaceholder(hwidMissingMessage),
    rules.branchUnknown,
    rules.branchEmpty,
    rules.licenseUnknown,
    rules.ipBlacklisted,
    rules.countryBlacklisted,
    rules.hwidBlacklisted,
    rules.keyBlacklisted,
    rules.userBlacklisted,
    rules.customerMismatch,
    rules.productMismatchOrUnnamed,
    rules.releaseUnknown,
    rules.suspended,
    rules.switchedOff,
    rules.expired,
    rules.ipLimit,
    rules.hwidLimit,
  ],
  // A request that names none is about the license's main product.
  findProduct: ({ product }, products, license) =>
    product === null ? license && products.byId(license.productId) : products.byUuid(product),
  limitedIp: ({ observedIp }) => observedIp,
  showsProducts: (settings) => settings['lukittu.returnedFields'].includes('products'),
  showsOwner: (settings) => settings['lukittu.returnedFields'].includes('customers'),
});
