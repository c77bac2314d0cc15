import type { CheckDefinition } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import type { ProtocolAdapter } from '../protocol.ts';
import { missingFields, parse } from './parse.ts';
import { grant, refuse } from './render.ts';

const hwidIsWrong = 'Invalid field: data.hwid';
const hwidMissing = rules.hwidMissing('tki.requireHwid', missingFields);

const definition: CheckDefinition = {
  protocol: 'tki',
  rules: [
    // Missing comes before wrong; a HWID of the wrong type is not missing.
    (check) => (check.request.malformed === hwidIsWrong ? null : hwidMissing(check)),
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
};

/** TKI Auth: the guild's API key in `Authorization`, everything else in a JSON body. */
export function createTki(): ProtocolAdapter {
  return {
    name: 'tki',
    routes: [
      {
        path: '/api/license/auth',
        auth: 'api-key',
        methods: ['POST'],
        definition,
        parse,
        renderGrant: grant,
        renderDenial: refuse,
      },
    ],
  };
}
