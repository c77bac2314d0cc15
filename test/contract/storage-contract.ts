import { afterEach, describe } from '@jest/globals';
import type { Storage } from '../../src/storage/port/storage.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';
import { describeApiKeys } from './parts/api-keys.ts';
import { describeAttemptStatistics } from './parts/attempt-statistics.ts';
import { describeAttempts } from './parts/attempts.ts';
import { describeBlacklistReach } from './parts/blacklist-reach.ts';
import { describeBlacklist } from './parts/blacklist.ts';
import { describeBundles } from './parts/bundles.ts';
import { describeChecks } from './parts/checks.ts';
import { describeClock } from './parts/clock.ts';
import { describeCoordination } from './parts/coordination.ts';
import { describeCustomerMerges } from './parts/customer-merges.ts';
import { describeCustomerRecords } from './parts/customer-records.ts';
import { describeCustomers } from './parts/customers.ts';
import { describeEffects } from './parts/effects.ts';
import { describeGuilds } from './parts/guilds.ts';
import { describeLicenseBindings } from './parts/license-bindings.ts';
import { describeLicenseChanges } from './parts/license-changes.ts';
import { describeLicenseCreation } from './parts/license-creation.ts';
import { describeLicenseHelpers } from './parts/license-helpers.ts';
import { describeLicenseProducts } from './parts/license-products.ts';
import { describeLicenseQueries } from './parts/license-queries.ts';
import { describeLicenseSearch } from './parts/license-search.ts';
import { describeProducts } from './parts/products.ts';
import { describeRecords } from './parts/records.ts';
import { describeReplacements } from './parts/replacements.ts';
import { describeSecrets } from './parts/secrets.ts';
import { describeSlots } from './parts/slots.ts';
import { describeUpkeep } from './parts/upkeep.ts';

/** An empty store for one test, on which as many processes open as the test wants. */
interface Installation {
  open(): Promise<Storage>;
  /** What test/support/storage-process.ts opens in a process of its own. */
  readonly connection: Readonly<Record<string, string>>;
  /** Every byte that the store keeps, for what must not be in it. */
  bytes(): Promise<Buffer>;
  /** Closes what was opened and removes the store. */
  remove(): Promise<void>;
}

/** What a second store adds to be held to the same contract. */
export interface Engine {
  readonly name: string;
  install(clock: () => Date): Promise<Installation>;
}

/** What the parts are written on; everything is closed after each test. */
interface Stage {
  readonly clock: TestClock;
  readonly installation: Installation;
  /** The first process on the store of this test. */
  readonly storage: Storage;
}

export type OpenStage = () => Promise<Stage>;

const parts: readonly ((stage: OpenStage) => void)[] = [
  describeChecks,
  describeSlots,
  describeReplacements,
  describeBundles,
  describeSecrets,
  describeGuilds,
  describeCustomers,
  describeCustomerRecords,
  describeCustomerMerges,
  describeProducts,
  describeLicenseCreation,
  describeLicenseChanges,
  describeLicenseProducts,
  describeLicenseQueries,
  describeLicenseSearch,
  describeLicenseHelpers,
  describeLicenseBindings,
  describeApiKeys,
  describeBlacklist,
  describeBlacklistReach,
  describeAttempts,
  describeAttemptStatistics,
  describeRecords,
  describeEffects,
  describeCoordination,
  describeClock,
  describeUpkeep,
];

/** Everything that the port promises, whichever store keeps it. */
export function describeStorageContract(engine: Engine): void {
  describe(`the storage contract on ${engine.name}`, () => {
    const installations: Installation[] = [];

    afterEach(async () => {
      for (const installation of installations.splice(0)) await installation.remove();
    });

    for (const describePart of parts) {
      describePart(async () => {
        const clock = createTestClock();
        const installation = await engine.install(clock.now);
        installations.push(installation);
        return { clock, installation, storage: await installation.open() };
      });
    }
  });
}
