import { createFaxStore } from './faxstore/index.ts';
import { createLicenseGate } from './licensegate/index.ts';
import { createLukittu } from './lukittu/index.ts';
import type { ProtocolAdapter, ProtocolContext } from './protocol.ts';
import { createSunLicense } from './sunlicense/index.ts';
import { createTki } from './tki/index.ts';

/** The foreign systems that the server speaks, one line each. */
const adapters: readonly ((context: ProtocolContext) => ProtocolAdapter)[] = [
  createTki,
  createFaxStore,
  createSunLicense,
  createLukittu,
  createLicenseGate,
];

export function createProtocols(context: ProtocolContext): readonly ProtocolAdapter[] {
  return adapters.map((create) => create(context));
}
