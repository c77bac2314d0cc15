import { randomBytes } from 'node:crypto';
import { afterEach } from '@jest/globals';
import type { License } from '../../src/domain/license.ts';
import type { Customers } from '../../src/storage/port/customers.ts';
import type { LicenseChange, Licenses } from '../../src/storage/port/licenses.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import type { Checks } from '../../src/storage/port/checks.ts';
import { mongoEngine, withDatabase } from './mongo-engine.ts';
import { type OnWrite, openWatchedChecks, openWatchedLicenses, type WatchedChecksOptions } from './mongo-writer.ts';
import { addPopulatedGuild, noTrail } from './storage-fixtures.ts';
import { createTestClock } from './test-clock.ts';

/** For a test file: a database with one populated guild, and more processes on it; all closed after each test. */
export function licensesOnMongo() {
  const cleanUps: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  return async () => {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    cleanUps.push(() => installation.remove());
    const storage = await installation.open();
    const { license, product } = await addPopulatedGuild(storage);

    /** Another process. */
    async function openWatched(onWrite: OnWrite): Promise<Licenses & Customers> {
      const parts = { now: clock.now, random: randomBytes };
      const licenses = await openWatchedLicenses(installation.connection, parts, onWrite);
      cleanUps.push(licenses.close);
      return licenses;
    }

    /** The checks of another process. */
    async function openChecks(
      onWrite: OnWrite,
      { random = randomBytes, ...own }: WatchedChecksOptions & { readonly random?: (bytes: number) => Buffer } = {},
    ): Promise<Checks> {
      const checks = await openWatchedChecks(installation.connection, { now: clock.now, random }, onWrite, own);
      cleanUps.push(checks.close);
      return checks;
    }

    /** From now on MongoDB refuses every write of this license. */
    async function refuseWrites(id: number): Promise<void> {
      const validate = (validator: object) =>
        withDatabase(installation.connection.uri!, (database) => database.command({ collMod: 'licenses', validator }));
      await validate({ id: { $ne: id } });
      cleanUps.push(async () => {
        await validate({});
      });
    }
    return { clock, installation, storage, license, product, openWatched, openChecks, refuseWrites };
  };
}

export function changeLicense(
  licenses: Licenses,
  id: number,
  own: Partial<License>,
  more: Partial<Omit<LicenseChange<unknown>, 'next'>> = {},
) {
  return licenses.changeLicense('g1', { id }, (current) => ({
    next: { ...current, ...own },
    trail: noTrail,
    result: {},
    ...more,
  }));
}

/** The id of the license under this key; null: there is none. */
export async function holderOf(storage: Storage, key: string): Promise<number | null> {
  return (await storage.license('g1', { key }))?.id ?? null;
}
