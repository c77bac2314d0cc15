import type { CheckDefinition } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import { askedProduct } from '../asked-product.ts';
import type { ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { parse } from './parse.ts';
import { grant, refuse } from './render.ts';

const definition: CheckDefinition = {
  protocol: 'sunlicense',
  rules: [
    rules.malformed,
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
};

/** SunLicense: everything in a JSON body, the product by its number, nobody authenticated. */
export function createSunLicense({ now }: ProtocolContext): ProtocolAdapter {
  return {
    name: 'sunlicense',
    routes: [
      {
        path: '/api/v1/validate',
        auth: 'product-id',
        methods: ['POST'],
        definition,
        parse,
        renderGrant: () => grant(now()),
        renderDenial: (reason, detail, request) => refuse(now(), reason, detail, request),
      },
    ],
  };
}
