import mongoose from 'mongoose';
import { createBundleCache } from '../../src/storage/mongo/bundle-cache.ts';
import { createMongoStore } from '../../src/storage/mongo/connection.ts';
import { createLicenses } from '../../src/storage/mongo/licenses.ts';
import { createModels, type Models } from '../../src/storage/mongo/models.ts';
import { createRests } from '../../src/storage/mongo/rests.ts';
import type { Licenses } from '../../src/storage/storage.ts';
import { createVault } from '../../src/storage/vault.ts';

/** Before each write, named as in `licenses.updateOne`; the write waits for it, and does not happen if it rejects. */
export type OnWrite = (name: string) => unknown;

const writes = new Set(['insertOne', 'insertMany', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany']);

type Method = (...args: readonly unknown[]) => unknown;

function watched<T extends object>(name: string, target: T, onWrite: OnWrite): T {
  return new Proxy(target, {
    get: (_, property) => {
      const value = Reflect.get(target, property, target) as unknown;
      if (property === 'collection') return watched(name, value as object, onWrite);
      if (typeof value !== 'function' || typeof property !== 'string') return value;
      const method = (value as Method).bind(target);
      const write = async (write: () => unknown) => {
        await onWrite(`${name}.${property}`);
        return write();
      };
      if (writes.has(property)) return (...args: readonly unknown[]) => write(() => method(...args));
      if (property !== 'findOneAndUpdate') return method;
      return (...args: readonly unknown[]) => ({
        lean: () => write(() => (method(...args) as { lean: Method }).lean()),
      });
    },
  });
}

/** The licenses of a process whose writes can be stopped, or preceded by what others do. */
export async function openWatchedLicenses(
  { uri, masterKey }: Readonly<Record<string, string>>,
  { now, random }: { readonly now: () => Date; readonly random: (bytes: number) => Buffer },
  onWrite: OnWrite,
): Promise<Licenses & { readonly close: () => Promise<void> }> {
  const connection = await mongoose.createConnection(uri!).asPromise();
  const known = Object.entries(createModels(connection)).map(([name, model]) => [
    name,
    watched(name, model as object, onWrite),
  ]);
  const models = Object.fromEntries(known) as unknown as Models;
  const vault = createVault(Buffer.from(masterKey!, 'base64'));
  const topology = { primary: () => 'the only one', isSingle: () => true };
  const cache = createBundleCache({ models, vault, topology });
  const rests = createRests(models, now, random);
  const store = createMongoStore({ models, vault, now, random, rests, patienceMs: 5_000, cache });
  return { ...createLicenses(store), close: () => connection.close() };
}

/** For `openWatchedLicenses`: the process dies when it has written so often. */
export function dieAfter(count: number): OnWrite {
  let written = 0;
  return () => {
    if (written === count) throw new Error('dead');
    written += 1;
  };
}

/** For `openWatchedLicenses`: does something before the nth write of that name. */
export function before(name: string, act: () => Promise<unknown>, nth = 1): OnWrite {
  let count = 0;
  return async (written) => {
    if (written !== name) return;
    count += 1;
    if (count === nth) await act();
  };
}
