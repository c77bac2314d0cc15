import type { CheckRoute, ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { definition, v1Definition } from './definition.ts';
import { parseMultiple, parseOne } from './parse.ts';
import { renderGrantOfMultiple, renderGrant, renderGrantOfV1, renderDenial } from './render.ts';

/** FaxStore License System: the license's key in `Authorization`, the products by their numbers. */
export function createFaxStore({ publicUrl }: ProtocolContext): ProtocolAdapter {
  const common = {
    auth: 'product-id',
    methods: ['POST'],
    definition,
    renderDenial: (reason, _detail, request) => renderDenial(publicUrl(), reason, request),
  } as const satisfies Partial<CheckRoute>;
  const multiple: CheckRoute = {
    ...common,
    path: '/api/check/multiple',
    parse: parseMultiple,
    renderGrant: (granted) => renderGrantOfMultiple(publicUrl(), granted),
  };
  const one: CheckRoute = {
    ...common,
    path: '/api/check/:productId',
    parse: parseOne,
    renderGrant: () => renderGrant(publicUrl()),
  };
  const v1: CheckRoute = {
    ...common,
    path: '/api/checkitem/:productId',
    definition: v1Definition,
    parse: parseOne,
    renderGrant: renderGrantOfV1,
  };
  return { name: 'faxstore', routes: [multiple, one, v1] };
}
