import type { CopyRecords } from '../../copy/port.ts';
import { attemptColumns, newAttemptColumns } from '../attempts/attempt-columns.ts';
import { insertSql } from '../columns.ts';
import type { Prepare } from '../database/database.ts';
import { msOf } from '../fields.ts';
import { idsPerRun } from '../attempts/roll-up.ts';
import { type TableAdapters, type Insert } from './table-adapter.ts';

type RecordTables = TableAdapters<
  'attempts' | 'attemptCounts' | 'attemptStatistics' | 'rejectedRequests' | 'audit' | 'alerts'
>;

const dateOf = (ms: unknown) => new Date(ms as number);

const insertAttempt = insertSql('attempts', attemptColumns.names);

/** Attempts, rejected requests, audit and alerts. */
export function createRecordAdapters(statement: Prepare, insert: Insert): RecordTables {
  return {
    attempts: {
      from: 'attempts',
      key: ['id'],
      recordOf: newAttemptColumns.fromRow,
      // The statistics are copied, so a copied attempt must not be rolled up.
      insert: (attempt, ordinal) => {
        statement(insertAttempt).run(...attemptColumns.valuesOf({ ...attempt, id: ordinal }));
        const { licenseId } = attempt;
        if (licenseId !== null) {
          insert('attempt_licenses', { run: Math.floor(ordinal / idsPerRun), license_id: licenseId, id: ordinal });
        }
        statement('UPDATE attempt_roll_up SET last_id = ?').run(ordinal);
      },
    },

    attemptCounts: {
      from: 'attempt_counts',
      key: ['guild_id', 'minute', 'protocol', 'result'],
      recordOf: ({ guild_id: guildId, minute, protocol, result, count }) =>
        ({ guildId, minute: dateOf(minute), protocol, result, count }) as CopyRecords['attemptCounts'],
      insert: ({ guildId, minute, protocol, result, count }) => {
        insert('attempt_counts', { guild_id: guildId, minute: msOf(minute), protocol, result, count });
      },
    },

    attemptStatistics: {
      from: 'attempt_statistics',
      key: ['guild_id', 'period', 'start', 'protocol', 'product_id', 'result'],
      recordOf: ({ guild_id: guildId, period, start, protocol, product_id: productId, result, count }) => {
        const of = { guildId, period, start: dateOf(start), protocol, productId: productId === 0 ? null : productId };
        return { ...of, result, count } as CopyRecords['attemptStatistics'];
      },
      insert: ({ guildId, period, start, protocol, productId, result, count }) => {
        const of = { guild_id: guildId, period, start: msOf(start), protocol, product_id: productId ?? 0, result };
        insert('attempt_statistics', { ...of, count });
      },
    },

    rejectedRequests: {
      from: 'rejected_requests',
      key: ['minute', 'observed_ip', 'protocol', 'kind'],
      recordOf: ({ minute, observed_ip: observedIp, protocol, kind, count }) =>
        ({ minute: dateOf(minute), observedIp, protocol, kind, count }) as CopyRecords['rejectedRequests'],
      insert: ({ minute, observedIp, protocol, kind, count }) => {
        insert('rejected_requests', { minute: msOf(minute), observed_ip: observedIp, protocol, kind, count });
      },
    },

    audit: {
      from: 'audit',
      key: ['id'],
      recordOf: ({ guild_id: guildId, at, ...event }) =>
        ({ ...event, guildId, at: dateOf(at) }) as CopyRecords['audit'],
      insert: ({ guildId, at, ...event }) => {
        insert('audit', { ...event, guild_id: guildId, at: msOf(at) });
      },
    },

    alerts: {
      from: 'alerts',
      key: ['id'],
      recordOf: ({ guild_id: guildId, at, ...alert }) =>
        ({ ...alert, guildId, at: dateOf(at) }) as CopyRecords['alerts'],
      insert: ({ guildId, at, ...alert }) => {
        insert('alerts', { ...alert, guild_id: guildId, at: msOf(at) });
      },
    },
  };
}
