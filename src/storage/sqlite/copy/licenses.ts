import type { ReplenishInterval } from '../../../domain/points.ts';
import { type CopyRecords, sortedBy } from '../../copy/port.ts';
import { type TableAdapters, type Insert, msOf, type Row } from './table-adapter.ts';
import type { Prepare } from '../database.ts';
import { changeableColumns } from '../licenses/columns.ts';
import { bindingColumns, bindingOf, type BindingRow, dateOf, licenseOf, type LicenseRow } from '../licenses/rows.ts';

type Bound = CopyRecords['licenses']['slots'][number];

/** Licenses with their slots, and what is only seen. */
export function createLicenseAdapters(
  statement: Prepare,
  insert: Insert,
): TableAdapters<'licenses' | 'observedValues'> {
  const columnsOf = ({ kind, value, firstSeenAt, lastSeenAt, releasedAt }: Bound) => ({
    kind,
    value,
    first_seen: msOf(firstSeenAt),
    last_seen: msOf(lastSeenAt),
    released_at: msOf(releasedAt),
  });

  return {
    licenses: {
      from: 'licenses',
      key: ['id'],
      recordOf: (row) => {
        const slots = statement(`SELECT ${bindingColumns} FROM slots WHERE license_id = ?`).all(row.id as number);
        return {
          ...licenseOf(row as unknown as LicenseRow),
          points: pointsOf(row),
          lookup: row.lookup as Uint8Array,
          sealedKey: row.sealed_key as Uint8Array,
          keyAnywhere: row.key_anywhere as Uint8Array,
          expiryNotified: row.expiry_notified === 1,
          slots: sortedBy(
            (slots as unknown as readonly BindingRow[]).map(bindingOf),
            ({ kind }) => kind,
            ({ value }) => value,
          ),
        };
      },
      insert: (license) => {
        const { id } = license;
        insert('licenses', {
          ...changeableColumns(license),
          id,
          guild_id: license.guildId,
          lookup: license.lookup,
          sealed_key: license.sealedKey,
          key_anywhere: license.keyAnywhere,
          key_suffix: license.keySuffix,
          expiry_notified: Number(license.expiryNotified),
          created_at: msOf(license.createdAt),
          created_by: license.createdBy,
        });
        for (const slot of license.slots) insert('slots', { license_id: id, ...columnsOf(slot) });
      },
    },

    observedValues: {
      from: 'observed_values',
      key: ['license_id', 'kind', 'value'],
      recordOf: (row) => ({
        licenseId: row.license_id as number,
        guildId: row.guild_id as string,
        ...bindingOf(row as unknown as BindingRow),
      }),
      insert: ({ licenseId, guildId, ...binding }) => {
        insert('observed_values', { license_id: licenseId, guild_id: guildId, ...columnsOf(binding) });
      },
    },
  };
}

/** As they are stored, also where they say nothing together. */
function pointsOf(row: Row): CopyRecords['licenses']['points'] {
  return {
    left: row.points_left as number | null,
    limit: row.points_limit as number | null,
    amount: row.points_amount as number | null,
    interval: row.points_interval as ReplenishInterval | null,
    refilledAt: dateOf(row.points_refilled_at as number | null),
  };
}
