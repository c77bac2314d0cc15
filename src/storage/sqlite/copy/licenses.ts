import { sortedBy } from '../../copy/port.ts';
import type { TableAdapters } from './table-adapter.ts';
import type { Prepare } from '../database/database.ts';
import { insertSql } from '../columns.ts';
import { bindingColumns, slotFromRow, slotNames, slotValues } from '../licenses/binding-columns.ts';
import { storedLicenseColumns } from '../licenses/columns.ts';
import { createTextIndex, licensesPerMerge } from '../licenses/text-index.ts';

const insertLicense = insertSql('licenses', storedLicenseColumns.names);
const insertSlot = insertSql('slots', ['license_id', ...slotNames]);
const insertObservedValue = insertSql('observed_values', ['license_id', 'guild_id', ...bindingColumns.names]);

/** Licenses with their slots, and the observed values. */
export function createLicenseAdapters(statement: Prepare): TableAdapters<'licenses' | 'observedValues'> {
  const texts = createTextIndex(statement);
  return {
    licenses: {
      from: 'licenses',
      key: ['id'],
      recordOf: (row) => {
        const slots = statement('SELECT * FROM slots WHERE license_id = ?').all(row.id as number);
        return {
          ...storedLicenseColumns.fromRow(row),
          slots: sortedBy(
            slots.map(slotFromRow),
            ({ kind }) => kind,
            ({ value }) => value,
          ),
        };
      },
      insert: (license, ordinal) => {
        statement(insertLicense).run(...storedLicenseColumns.valuesOf(license));
        texts.add(license);
        if (ordinal % licensesPerMerge === 0) texts.merge();
        for (const slot of license.slots) statement(insertSlot).run(license.id, ...slotValues(slot));
      },
    },

    observedValues: {
      from: 'observed_values',
      key: ['license_id', 'kind', 'value'],
      recordOf: (row) => ({
        licenseId: row.license_id as number,
        guildId: row.guild_id as string,
        ...bindingColumns.fromRow(row),
      }),
      insert: ({ licenseId, guildId, ...binding }) => {
        statement(insertObservedValue).run(licenseId, guildId, ...bindingColumns.valuesOf(binding));
      },
    },
  };
}
