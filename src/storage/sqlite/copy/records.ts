import type { CopyRecords } from '../../copy/port.ts';
import { type AttemptRow, attemptOf } from '../attempt-rows.ts';
import { type TableAdapters, type Insert, msOf } from './table-adapter.ts';

type RecordTables = TableAdapters<'attempts' | 'attemptCounts' | 'rejectedRequests' | 'audit' | 'alerts'>;

const dateOf = (ms: unknown) => new Date(ms as number);

/** What happened. */
export function createRecordAdapters(insert: Insert): RecordTables {
  return {
    attempts: {
      from: 'attempts',
      key: ['id'],
      recordOf: (row) => {
        const { id: _, ...attempt } = attemptOf(row as unknown as AttemptRow);
        return attempt;
      },
      insert: (attempt, place) => {
        insert('attempts', {
          id: place,
          guild_id: attempt.guildId,
          at: msOf(attempt.at),
          protocol: attempt.protocol,
          result: attempt.result,
          license_id: attempt.licenseId,
          product_id: attempt.productId,
          product: attempt.product,
          version: attempt.version,
          key_suffix: attempt.keySuffix,
          declared_ip: attempt.declaredIp,
          observed_ip: attempt.observedIp,
          hwid: attempt.hwid,
          mac: attempt.mac,
          country: attempt.country,
          user_agent: attempt.userAgent,
          info: attempt.info,
          new_bindings: JSON.stringify(attempt.newBindings),
          quiet: Number(attempt.quiet),
        });
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
