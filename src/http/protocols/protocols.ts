import type { ProtocolAdapter, ProtocolContext } from './protocol.ts';
import { createTki } from './tki/index.ts';

/** Every foreign system that is spoken here, one line each. */
const adapters: readonly ((context: ProtocolContext) => ProtocolAdapter)[] = [createTki];

export function createProtocols(context: ProtocolContext): readonly ProtocolAdapter[] {
  return adapters.map((create) => create(context));
}
