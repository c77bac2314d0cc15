import type { Licenses } from '../storage.ts';
import type { MongoStore } from './connection.ts';
import { createLicenseBindings } from './license-bindings.ts';
import { createLicenseChanges } from './license-changes.ts';
import { createLicenseCreation } from './license-creation.ts';
import { createLicenseQueries } from './license-queries.ts';

export function createLicenses(store: MongoStore): Licenses {
  return {
    ...createLicenseCreation(store),
    ...createLicenseChanges(store),
    ...createLicenseQueries(store),
    ...createLicenseBindings(store),
  };
}
