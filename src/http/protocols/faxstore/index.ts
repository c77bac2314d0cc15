import type { CheckDefinition } from '../../../domain/check.ts';
import * as rules from '../../../domain/rules.ts';
import { askedProduct } from '../asked-product.ts';
import type { CheckRoute, ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { parseMultiple, parseOne } from './parse.ts';
import { grantMultiple, grantOne, grantV1, refuse } from './render.ts';

const definition: CheckDefinition = {
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
};

const v1Definition: CheckDefinition = { ...definition, rules: [rules.routeOff('faxstore.v1'), ...definition.rules] };

/** FaxStore License System: the license's key in `Authorization`, the products by their numbers. */
export function createFaxStore({ publicUrl }: ProtocolContext): ProtocolAdapter {
  const common = {
    auth: 'product-id',
    methods: ['POST'],
    definition,
    renderDenial: (reason, _detail, request) => refuse(publicUrl(), reason, request),
  } as const satisfies Partial<CheckRoute>;
  const multiple: CheckRoute = {
    ...common,
    path: '/api/check/multiple',
    parse: parseMultiple,
    renderGrant: (granted) => grantMultiple(publicUrl(), granted),
  };
  const one: CheckRoute = {
    ...common,
    path: '/api/check/:productId',
    parse: parseOne,
    renderGrant: () => grantOne(publicUrl()),
  };
  const v1: CheckRoute = {
    ...common,
    path: '/api/checkitem/:productId',
    definition: v1Definition,
    parse: parseOne,
    renderGrant: grantV1,
  };
  return { name: 'faxstore', routes: [multiple, one, v1] };
}
