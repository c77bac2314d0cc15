import type { ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { definition } from './definition.ts';
import { parse } from './parse.ts';
import { renderDenial, renderGrant } from './render.ts';

/** SunLicense: everything in a JSON body, the product by its number, without authentication. */
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
        renderGrant: () => renderGrant(now()),
        renderDenial: (reason, detail, request) => renderDenial(now(), reason, detail, request),
      },
    ],
  };
}
