import mongoose from 'mongoose';
import { createBundleCache } from '../../src/storage/mongo/bundles/bundle-cache.ts';
import type { Topology } from '../../src/storage/mongo/database/clients.ts';
import { createMongoStore } from '../../src/storage/mongo/connection.ts';
import { createChecks } from '../../src/storage/mongo/checks/checks.ts';
import { createCustomers } from '../../src/storage/mongo/customers/customers.ts';
import { createLicenses } from '../../src/storage/mongo/licenses/licenses.ts';
import { createModels, type Models } from '../../src/storage/mongo/database/models.ts';
import { createOutbox } from '../../src/storage/mongo/outbox.ts';
import type { Checks } from '../../src/storage/port/checks.ts';
import type { Customers } from '../../src/storage/port/customers.ts';
import type { Licenses } from '../../src/storage/port/licenses.ts';
import { createVault } from '../../src/storage/vault.ts';

/**
 * Called before each write with its name, such as `licenses.updateOne`. The write waits for it, and is not made if it
 * rejects.
 */
export type OnWrite = (name: string) => unknown;

const writes = new Set(['insertOne', 'insertMany', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany', 'bulkWrite']);

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

/** The models of a process whose writes can be stopped, or delayed until other processes have written. */
async function openWatchedModels(uri: string, onWrite: OnWrite) {
  const connection = await mongoose.createConnection(uri).asPromise();
  const known = Object.entries(createModels(connection)).map(([name, model]) => [
    name,
    watched(name, model as object, onWrite),
  ]);
  return { models: Object.fromEntries(known) as unknown as Models, close: () => connection.close() };
}

interface ProcessParts {
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
}
type Connection = Readonly<Record<string, string>>;

const onlyPrimary: Topology = { primary: () => 'the only one', isSingle: () => true };

/** The licenses of such a process. */
export async function openWatchedLicenses(
  { uri, masterKey }: Connection,
  { now, random }: ProcessParts,
  onWrite: OnWrite,
): Promise<Licenses & Customers & { readonly close: () => Promise<void> }> {
  const { models, close } = await openWatchedModels(uri!, onWrite);
  const vault = createVault(Buffer.from(masterKey!, 'base64'));
  const cache = createBundleCache({ models, vault, topology: onlyPrimary });
  const outbox = createOutbox({ models, vault, now, random, changeTimeoutMs: 5_000 });
  const store = createMongoStore({ models, vault, now, random, outbox, changeTimeoutMs: 5_000, cache });
  return { ...createLicenses(store), ...createCustomers(store), close };
}

export interface WatchedChecksOptions {
  readonly topology?: Topology;
  readonly deadlineMs?: number;
  readonly onError?: (error: unknown) => void;
}

/** The checks of such a process, whose client knows what `topology` says. */
export async function openWatchedChecks(
  { uri, masterKey }: Connection,
  { now, random }: ProcessParts,
  onWrite: OnWrite,
  own: WatchedChecksOptions,
): Promise<Checks & { readonly close: () => Promise<void> }> {
  const { models, close } = await openWatchedModels(uri!, onWrite);
  const vault = createVault(Buffer.from(masterKey!, 'base64'));
  const { topology = onlyPrimary, deadlineMs = 10_000, onError = () => undefined } = own;
  const cache = createBundleCache({ models, vault, topology });
  const checks = createChecks({ models, topology, vault, now, random, cache, deadlineMs, onError });
  return { ...checks, close };
}

/** For `openWatchedLicenses`: the process dies after that many writes. */
export function dieAfter(count: number): OnWrite {
  let written = 0;
  return () => {
    if (written === count) throw new Error('dead');
    written += 1;
  };
}

/** For `openWatchedLicenses`: calls `act` before the nth write of that name. */
export function before(name: string, act: () => Promise<unknown>, nth = 1): OnWrite {
  let count = 0;
  return async (written) => {
    if (written !== name) return;
    count += 1;
    if (count === nth) await act();
  };
}
