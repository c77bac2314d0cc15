import { describe } from '@jest/globals';
import { mongoEngine } from '../../support/mongo-engine.ts';
import { describeWithMongod } from '../../support/mongod.ts';
import { embeddedStore, type WireStore } from './stores.ts';

const mongoStore: WireStore = {
  name: 'MongoDB',
  open: async (clock) => {
    const installation = await mongoEngine.install(clock);
    const storage = await installation.open();
    let removing: Promise<void> | undefined;
    return { ...storage, close: () => (removing ??= installation.remove()) };
  },
};

/** The same tests over every store. */
export function describeOverStores(body: (store: WireStore) => void): void {
  describe(`over ${embeddedStore.name}`, () => {
    body(embeddedStore);
  });
  describeWithMongod(`over ${mongoStore.name}`, () => {
    body(mongoStore);
  });
}
