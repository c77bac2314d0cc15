import { advice, type Check, failed, passed } from './check.ts';

const maxHeartbeatIntervalMs = 500;
const heartbeatFix =
  'mongosh: c = rs.conf(); c.settings.heartbeatIntervalMillis = 500; c.settings.electionTimeoutMillis = 2000; rs.reconfig(c)';

export const replicaSetChecks: readonly Check[] = [
  {
    name: 'replica set',
    run: async ({ opened }) => {
      const set = await opened?.storage.replicaSet();
      if (!set) return null;
      if (set.config === null) {
        return advice(
          'Its configuration cannot be read.',
          'Give the MongoDB user of Latchkey the role clusterMonitor on the database admin.',
        );
      }
      const { members, arbiters, heartbeatIntervalMs, isJournaled } = set.config;
      const detail = `Members: ${members}, heartbeats every ${heartbeatIntervalMs} ms.`;
      if (!isJournaled) {
        const problem = `${detail} A power cut can lose writes that a majority has confirmed.`;
        return failed(problem, 'mongosh: c = rs.conf(); c.writeConcernMajorityJournalDefault = true; rs.reconfig(c)');
      }
      if (arbiters > 0) {
        const fix = 'Replace them by members with data: with one of those down, no majority can confirm a write.';
        return failed(`${detail} Arbiters: ${arbiters}.`, fix);
      }
      if (members < 3)
        return advice(`${detail} It stops working if one fails.`, 'Run three members, on three machines.');
      if (heartbeatIntervalMs > maxHeartbeatIntervalMs) {
        return advice(`${detail} If the primary hangs, checks wait for half a minute.`, heartbeatFix);
      }
      return passed(detail);
    },
  },
  {
    name: "MongoDB's indexes",
    run: async ({ opened }) => {
      const set = await opened?.storage.replicaSet();
      if (!set) return null;
      if (set.missingIndexes.length === 0) return passed('None is missing.');
      const detail = `Missing: ${set.missingIndexes.join(', ')}.`;
      return failed(
        detail,
        'Remove what prevents them, such as other indexes on the same fields, and restart Latchkey.',
      );
    },
  },
  {
    name: "MongoDB's clock",
    run: async ({ opened }) => {
      const set = await opened?.storage.replicaSet();
      if (!set) return null;
      const seconds = Math.abs(set.clockAheadMs) / 1_000;
      if (seconds <= 2) return passed('It agrees with the clock of this machine.');
      const direction = set.clockAheadMs > 0 ? 'ahead of' : 'behind';
      const detail = `It is ${seconds.toFixed(1)} s ${direction} the clock of this machine.`;
      return failed(detail, 'Set both clocks (NTP): log channels miss attempts while they differ.');
    },
  },
];
