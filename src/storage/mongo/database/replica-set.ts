import type { Connection } from 'mongoose';
import type { ReplicaSet } from '../../port/inspection.ts';
import { missingIndexes, type Models } from './models.ts';

/** The fields of MongoDB's `replSetGetConfig` that `doctor` reports; MongoDB fills `settings` with its defaults. */
interface SetConfig {
  readonly members: readonly { readonly arbiterOnly: boolean }[];
  readonly settings: { readonly heartbeatIntervalMillis: number };
  readonly writeConcernMajorityJournalDefault?: boolean;
}

/** Unauthorized, and CommandNotFound, with which a router (mongos) answers `replSetGetConfig`. */
const unavailableCodes = [13, 59];

/**
 * Reads what `doctor` reports about the replica set. `config` is null when the program's user may not read the
 * configuration or a router answers.
 */
export async function readReplicaSet(connection: Connection, models: Models): Promise<ReplicaSet> {
  const admin = connection.getClient().db().admin();
  const sentAt = Date.now();
  const { localTime } = (await admin.command({ hello: 1 })) as { readonly localTime: Date };
  // The server read its clock between sending and receiving: the middle of both is off by at most half their distance.
  const clockAheadMs = localTime.getTime() - (sentAt + Date.now()) / 2;
  const inspected = { clockAheadMs, missingIndexes: await missingIndexes(models) };
  try {
    const { config } = (await admin.command({ replSetGetConfig: 1 })) as { readonly config: SetConfig };
    return {
      ...inspected,
      config: {
        members: config.members.length,
        arbiters: config.members.filter(({ arbiterOnly }) => arbiterOnly).length,
        heartbeatIntervalMs: config.settings.heartbeatIntervalMillis,
        isJournaled: config.writeConcernMajorityJournalDefault ?? true,
      },
    };
  } catch (error) {
    if (unavailableCodes.includes((error as { readonly code?: number }).code ?? 0))
      return { ...inspected, config: null };
    throw error;
  }
}
