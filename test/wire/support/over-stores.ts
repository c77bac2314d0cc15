import { describe } from '@jest/globals';
import { embeddedStore, type WireStore } from './stores.ts';

/** The same tests over every store. */
export function describeOverStores(body: (store: WireStore) => void): void {
  describe(`over ${embeddedStore.name}`, () => {
    body(embeddedStore);
  });
}
