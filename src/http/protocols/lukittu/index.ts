import type { CheckDefinition } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import type { CheckRoute, ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { createParse, hasForeignKey } from './parse.ts';
import { createRender } from './render.ts';
import { hwidMissingMessage, keyForm, keyFormMessage } from './schema.ts';

const keyMalformed = rules.keyMalformed(keyForm, keyFormMessage);

const definition: CheckDefinition = {
  protocol: 'lukittu',
  rules: [
    rules.malformed,
    keyMalformed,
    rules.hwidMissing('lukittu.requireHwid', hwidMissingMessage),
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
  // A request that names none is about the license's own.
  findProduct: ({ product }, products, license) =>
    product === null ? license && products.byId(license.productId) : products.byUuid(product),
  limitedIp: ({ observedIp }) => observedIp,
};

/** Lukittu: the guild's team id in the path, everything else in a JSON body. */
export function createLukittu(context: ProtocolContext): ProtocolAdapter {
  const route = (name: string, needsHwid: boolean, successDetails: string): CheckRoute => ({
    path: `/api/v1/client/teams/:teamId/verification/${name}`,
    auth: 'team-id',
    methods: ['POST'],
    rateLimitBucket: `lukittu ${name}`,
    malformedBeforeRateLimit: true,
    screening: { suspects: hasForeignKey, rule: keyMalformed },
    definition,
    parse: createParse({ needsHwid }),
    ...createRender(context, successDetails),
    wrongMethodBody: '',
  });
  return {
    name: 'lukittu',
    routes: [route('verify', false, 'License is valid'), route('heartbeat', true, 'License heartbeat successful')],
  };
}
