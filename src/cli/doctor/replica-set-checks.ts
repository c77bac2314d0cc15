import { advise, type Check, fault, fine } from './check.ts';

const quickHeartbeatMs = 500;
const heartbeats =
  'mongosh: c = rs.conf(); c.settings.heartbeatIntervalMillis = 500; c.settings.electionTimeoutMillis = 2000; rs.reconfig(c)';

export const replicaSetChecks: readonly Check[] = [
  {
    name: 'replica set',
    run: async ({ opened }) => {
      const set = await opened?.storage.replicaSet();
      if (!set) return null;
      if (set.config === null) {
        return advise('Its configuration cannot be seen.', 'Give its user the role clusterMonitor on admin.');
      }
      const { members, arbiters, heartbeatIntervalMs, isJournaled } = set.config;
      const detail = `Members: ${members}, heartbeats every ${heartbeatIntervalMs} ms.`;
      if (!isJournaled) {
        const lost = `${detail} What a majority confirmed can be lost in a power cut.`;
        return fault(lost, 'mongosh: c = rs.conf(); c.writeConcernMajorityJournalDefault = true; rs.reconfig(c)');
      }
      if (arbiters > 0) {
        const fix = 'Put members with data into their place: with one of those down, nothing can be confirmed.';
        return fault(`${detail} Arbiters: ${arbiters}.`, fix);
      }
      if (members < 3) return advise(`${detail} It survives the loss of none.`, 'Have three, on three machines.');
      if (heartbeatIntervalMs > quickHeartbeatMs) {
        return advise(`${detail} A primary that hangs costs half a minute.`, heartbeats);
      }
      return fine(detail);
    },
  },
  {
    name: "MongoDB's indexes",
    run: async ({ opened }) => {
      const set = await opened?.storage.replicaSet();
      if (!set) return null;
      if (set.missingIndexes.length === 0) return fine('All are there.');
      const detail = `Missing: ${set.missingIndexes.join(', ')}.`;
      return fault(detail, 'Remove what is in their way, such as an index of another kind, and start Latchkey again.');
    },
  },
  {
    name: "MongoDB's clock",
    run: async ({ opened }) => {
      const set = await opened?.storage.replicaSet();
      if (!set) return null;
      const seconds = Math.abs(set.clockAheadMs) / 1_000;
      if (seconds <= 2) return fine('It agrees with the one here.');
      const direction = set.clockAheadMs > 0 ? 'ahead of' : 'behind';
      const detail = `It is ${seconds.toFixed(1)} s ${direction} the one here.`;
      return fault(detail, 'Set both right (NTP): log channels miss attempts where clocks differ.');
    },
  },
];
