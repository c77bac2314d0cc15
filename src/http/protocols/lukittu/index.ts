import type { CheckRoute, ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { definition, keyMalformed } from './definition.ts';
import { createParse, hasForeignKey } from './parse.ts';
import { createRender } from './render.ts';

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
