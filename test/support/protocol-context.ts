import type { ProtocolContext } from '../../src/http/protocols/protocol.ts';

/** For tests that ask adapters what they are and send them nothing. */
export const noContext: ProtocolContext = {
  publicUrl: () => 'https://license.example.com',
  now: () => new Date(0),
  sign: () => Promise.reject(new Error('Nothing is signed here.')),
};
