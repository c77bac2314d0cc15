import type { ProtocolContext } from '../../src/http/protocols/protocol.ts';

/** A context for tests that inspect adapters without sending them requests. */
export const noContext: ProtocolContext = {
  publicUrl: () => 'https://license.example.com',
  now: () => new Date(0),
  sign: () => Promise.reject(new Error('Nothing is signed here.')),
};
