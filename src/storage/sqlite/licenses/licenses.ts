import type { Licenses } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { createLicenseBindings } from './bindings.ts';
import { createLicenseChanges } from './changes.ts';
import { createLicenseCreation } from './creation.ts';
import { createLicenseQueries } from './queries.ts';

export function createLicenses(store: SqliteStore): Licenses {
  return {
    ...createLicenseCreation(store),
    ...createLicenseChanges(store),
    ...createLicenseQueries(store),
    ...createLicenseBindings(store),
  };
}
