import type { ProtocolAdapter, ProtocolContext } from '../protocol.ts';
import { definition } from './definition.ts';
import { parse } from './parse.ts';
import { createGrantRenderer, renderDenial } from './render.ts';

/** LicenseGate: guild and key in the path, everything else in the query or the body. */
export function createLicenseGate(context: ProtocolContext): ProtocolAdapter {
  return {
    name: 'licensegate',
    routes: [
      {
        path: '/license/:userId/:licenseKey/verify',
        auth: 'user-id',
        methods: ['GET', 'POST', 'HEAD'],
        allowsAnyOrigin: true,
        definition,
        parse,
        renderGrant: createGrantRenderer(context),
        renderDenial,
      },
    ],
  };
}
