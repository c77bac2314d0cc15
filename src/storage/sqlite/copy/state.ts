import type { Effect } from '../../../domain/effect.ts';
import type { CopyRecords } from '../../copy/port.ts';
import { attemptInCursor, moveCursor } from '../../copy/log-cursor.ts';
import { type TableAdapters, type Insert } from './table-adapter.ts';
import type { Prepare } from '../database/database.ts';
import { dateOf, msOf } from '../fields.ts';

type StateTables = TableAdapters<'effects' | 'grantedRoles' | 'leases' | 'notes' | 'numbers' | 'bundleVersion'>;

/** The tables whose ids SQLite's AUTOINCREMENT makes, by the name that their sequence has in a copy. */
const countedTables = new Map([
  ['api-key', 'api_keys'],
  ['blacklist', 'blacklist'],
  ['audit', 'audit'],
  ['alert', 'alerts'],
  ['effect', 'effects'],
]);
const countersOfTables = [...countedTables].map(([counter, table]) => `('${table}', '${counter}')`).join(', ');

/** Effects, granted roles, leases, notes, sequences and the bundle version. */
export function createStateAdapters(statement: Prepare, insert: Insert): StateTables {
  return {
    effects: {
      from: 'effects',
      key: ['id'],
      recordOf: (row) =>
        ({
          id: row.id,
          guildId: row.guild_id,
          effect: JSON.parse(row.effect as string) as Effect,
          status: row.status,
          createdAt: dateOf(row.created_at as number),
          dueAt: dateOf(row.due_at as number),
          claimedAt: dateOf(row.claimed_at as number | null),
          tries: row.tries,
          outcome: row.outcome,
        }) as CopyRecords['effects'],
      insert: ({ id, guildId, effect, status, createdAt, dueAt, claimedAt, tries, outcome }) => {
        insert('effects', {
          id,
          guild_id: guildId,
          kind: effect.kind,
          effect: JSON.stringify(effect),
          status,
          created_at: msOf(createdAt),
          due_at: msOf(dueAt),
          claimed_at: msOf(claimedAt),
          tries,
          outcome,
        });
      },
    },

    grantedRoles: {
      from: 'granted_roles',
      key: ['guild_id', 'user_id', 'role_id'],
      recordOf: ({ guild_id: guildId, user_id: userId, role_id: roleId }) =>
        ({ guildId, userId, roleId }) as CopyRecords['grantedRoles'],
      insert: ({ guildId, userId, roleId }) => {
        insert('granted_roles', { guild_id: guildId, user_id: userId, role_id: roleId });
      },
    },

    leases: {
      from: 'leases',
      key: ['name'],
      recordOf: ({ name, number }) => ({ name, number }) as CopyRecords['leases'],
      // Stored like a lease that was released.
      insert: ({ name, number }) => {
        insert('leases', { name, number, holder: '', expires_at: 0 });
      },
    },

    notes: {
      from: 'notes',
      key: ['name'],
      recordOf: ({ name, value }) => {
        const note = { name, value } as CopyRecords['notes'];
        const attempt = attemptInCursor(note);
        if (attempt === null) return note;
        const position = statement('SELECT count(*) AS count FROM attempts WHERE id <= ?').get(attempt);
        return moveCursor(note, position?.count as number);
      },
      // Copied attempts have the ids 1, 2, 3 …, so the position of an attempt is its id.
      insert: ({ name, value }) => {
        insert('notes', { name, value });
      },
    },

    numbers: {
      from: `(
        SELECT name, value FROM counters UNION ALL
        SELECT counter, seq FROM sqlite_sequence JOIN (
          SELECT column1 AS counted, column2 AS counter FROM (VALUES ${countersOfTables})
        ) ON counted = name WHERE seq > 0
      )`,
      key: ['name'],
      recordOf: ({ name, value }) => ({ name, value }) as CopyRecords['numbers'],
      insert: ({ name, value }) => {
        const table = countedTables.get(name);
        if (table === undefined) {
          insert('counters', { name, value });
          return;
        }
        statement('DELETE FROM sqlite_sequence WHERE name = ?').run(table);
        insert('sqlite_sequence', { name: table, seq: value });
      },
    },

    bundleVersion: {
      from: 'bundle_version',
      key: ['id'],
      recordOf: ({ value }) => {
        const changeLog = statement('SELECT guild_id AS guildId, kind, ref FROM change_log ORDER BY version').all();
        return {
          value,
          changeLog: changeLog.map((change) => ({ ...change })),
        } as unknown as CopyRecords['bundleVersion'];
      },
      insert: ({ value, changeLog }) => {
        statement('UPDATE bundle_version SET value = ?').run(value);
        for (const [index, { guildId, kind, ref }] of changeLog.entries()) {
          insert('change_log', { version: value - changeLog.length + 1 + index, guild_id: guildId, kind, ref });
        }
      },
    },
  };
}
