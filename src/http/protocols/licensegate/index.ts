import type { CheckDefinition } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import type { ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { parse } from './parse.ts';
import { createGrant, refuse } from './render.ts';

const definition: CheckDefinition = {
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
  // Its clients name none: it is the license's own.
  findProduct: (_request, products, license) => license && products.byId(license.productId),
  limitedIp: ({ observedIp }) => observedIp,
  spendsPoints: true,
};

/** Clients in browsers are let in from everywhere. */
const anyOrigin = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': '*',
};

/** LicenseGate: guild and key in the path, everything else in the query or the body. */
export function createLicenseGate(context: ProtocolContext): ProtocolAdapter {
  return {
    name: 'licensegate',
    routes: [
      {
        path: '/license/:userId/:licenseKey/verify',
        auth: 'user-id',
        methods: ['GET', 'POST', 'HEAD'],
        headers: anyOrigin,
        definition,
        parse,
        renderGrant: createGrant(context),
        renderDenial: refuse,
      },
    ],
  };
}
