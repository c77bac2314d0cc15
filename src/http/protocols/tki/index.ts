import type { ProtocolAdapter } from '../protocol.ts';
import { definition } from './definition.ts';
import { parse } from './parse.ts';
import { renderDenial, renderGrant } from './render.ts';

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
        renderGrant,
        renderDenial,
      },
    ],
  };
}
