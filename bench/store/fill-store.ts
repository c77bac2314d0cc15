import { randomBytes } from 'node:crypto';
import { commandLine } from '../../src/domain/actor.ts';
import type { Result } from '../../src/domain/values/result.ts';
import { createServices } from '../../src/services/services.ts';
import { copyKinds, type CopyKind, type CopyRecords, type CopyTarget } from '../../src/storage/copy/port.ts';
import { openMongoTarget } from '../../src/storage/mongo/copy/open-copy.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { openSqliteTarget } from '../../src/storage/sqlite/copy/open-copy.ts';
import { createVault } from '../../src/storage/vault.ts';
import { attemptRecords } from './attempt-records.ts';
import { createAttemptStatistics } from './attempt-statistics.ts';
import { blacklistRecords } from './blacklist-records.ts';
import { licenseRecords } from './license-records.ts';
import { auditRecords, customerRecords, userRecords } from './other-records.ts';
import { allLicenses, customerOf, type StoreSize, world } from './world.ts';

/** Where a store is filled: a folder of the embedded store, or a MongoDB database. */
export type StorePlace = { readonly dir: string } | { readonly uri: string };

/** The master key of the stores of the bench. */
export const masterKey = Buffer.alloc(32, 7);

const recordsAtOnce = 10_000;
const clock = () => new Date();
const nothing: StoreSize = { licenses: 0, blacklist: 0, attempts: 0 };

/**
 * Fills an empty store, or one that was filled to `from` up to `size`. It writes through the target of `copy-store`,
 * which stores whole records of every kind on both engines; the services would take hours for millions.
 */
export async function fillStore(
  place: StorePlace,
  size: StoreSize,
  { from = nothing, onStep = () => undefined }: { from?: StoreSize; onStep?: (done: string) => void } = {},
): Promise<void> {
  const now = clock();
  const target = await openTarget(place);
  const writer = createWriter(target, onStep);
  if (from.licenses < size.licenses) {
    await writer.write('users', userRecords(size));
    const vault = createVault(masterKey);
    await writer.write('customers', customerRecords(size, vault, now));
    await writer.write('licenses', licenseRecords(size, vault, now));
    await writer.write('audit', auditRecords(size, now));
  }
  if (from.blacklist < size.blacklist || from.licenses === 0) {
    await writer.write('blacklist', blacklistRecords(from.licenses === 0 ? null : from.blacklist, size, now));
  }
  if (from.attempts < size.attempts) {
    const statistics = createAttemptStatistics();
    await writer.write('attempts', statistics.counting(attemptRecords(size, now)));
    await writer.write('attemptStatistics', statistics.records());
  }
  if (from.licenses === 0) {
    const customers = { name: 'customer', value: customerOf(allLicenses(size) - 1) };
    await writer.write('numbers', [{ name: 'license', value: allLicenses(size) }, customers]);
  }
  await target.finish();
  await target.close();
  if (from.licenses === 0) await addWorld(place);
}

function openTarget(place: StorePlace): CopyTarget | Promise<CopyTarget> {
  const common = { masterKey, now: clock };
  return 'dir' in place
    ? openSqliteTarget({ ...common, dir: place.dir })
    : openMongoTarget({ ...common, uri: place.uri, random: randomBytes });
}

function createWriter(target: CopyTarget, onStep: (done: string) => void) {
  async function writePage<K extends CopyKind>(kind: K, records: readonly CopyRecords[K][], written: number) {
    const progress = { source: 'the bench', sourceDigest: '', startedAt: clock().getTime(), kind, after: null };
    const reached = { ...progress, written: written + records.length };
    await target.write(kind, records, { ...progress, written }, reached);
    onStep(`${reached.written} ${kind}`);
    return reached.written;
  }
  return {
    write: async <K extends CopyKind>(kind: K, records: Iterable<CopyRecords[K]>): Promise<void> => {
      if (!copyKinds.includes(kind)) throw new Error(`There are no records of the kind ${kind}.`);
      let written = 0;
      let page: CopyRecords[K][] = [];
      for (const record of records) {
        page.push(record);
        if (page.length < recordsAtOnce) continue;
        written = await writePage(kind, page, written);
        page = [];
      }
      await writePage(kind, page, written);
    },
  };
}

/** Opens a filled store as the command line does. */
export function openBenchStorage(place: StorePlace): Promise<Storage> {
  return openStorage({
    mongodbUri: 'uri' in place ? place.uri : null,
    dir: 'dir' in place ? place.dir : '',
    masterKey,
    clock,
    random: randomBytes,
    durability: 'process',
    server: false,
    mayMakeStore: false,
  });
}

/** Adds the guild, whose licenses are there already, with its product, settings and API keys. */
async function addWorld(place: StorePlace): Promise<void> {
  const storage = await openBenchStorage(place);
  const services = createServices({ storage, clock, randomBytes, publicUrl: () => 'http://127.0.0.1' });
  const by = { guildId: world.guildId, actor: commandLine };
  const { teamId, userId, product } = world;
  expect(await services.guilds.add({ id: world.guildId, name: 'Bench', actor: commandLine, teamId, userId }));
  expect(await services.products.create({ ...by, ...product }));
  // First uses bind new machines to the same licenses over and over.
  expect(await services.settings.patch({ ...by, patch: { 'limits.hwid': 1_000 } }));
  const mayReveal = { mayReveal: true, mayManage: true };
  expect(await services.apiKeys.create({ ...by, ...mayReveal, name: 'bench', secret: world.apiKey }));
  const scopes = ['licenses:read', 'licenses:write'];
  expect(await services.apiKeys.create({ ...by, ...mayReveal, name: 'panel', scopes, secret: world.managementKey }));
  await storage.close();
}

function expect(result: Result<unknown, { readonly code: string }>): void {
  if (!result.ok) throw new Error(`The store of the bench cannot be filled: ${result.error.code}`);
}
