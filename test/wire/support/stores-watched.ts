import type { CheckRequest } from '../../../src/domain/check-request.ts';
import type { WireStore } from './stores.ts';

/** The same store, telling every request that comes to it. */
export function watched(store: WireStore): WireStore & { readonly requests: CheckRequest[] } {
  const requests: CheckRequest[] = [];
  return {
    name: store.name,
    requests,
    open: async (clock) => {
      const storage = await store.open(clock);
      return {
        ...storage,
        decide: (request, rule) => {
          requests.push(request);
          return storage.decide(request, rule);
        },
      };
    },
  };
}

/** The same store, deciding nothing before `release` is called. */
export function held(store: WireStore): WireStore & { readonly arrived: Promise<void>; release(): void } {
  const gate = Promise.withResolvers<undefined>();
  const arrival = Promise.withResolvers<undefined>();
  return {
    name: store.name,
    arrived: arrival.promise,
    release: () => {
      gate.resolve(undefined);
    },
    open: async (clock) => {
      const storage = await store.open(clock);
      return {
        ...storage,
        decide: async (request, rule) => {
          arrival.resolve(undefined);
          await gate.promise;
          return storage.decide(request, rule);
        },
      };
    },
  };
}
