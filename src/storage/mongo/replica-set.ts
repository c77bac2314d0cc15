import type { Connection } from 'mongoose';
import type { ReplicaSet } from '../port/inspection.ts';
import { missingIndexes, type Models } from './models.ts';

/** The part of MongoDB's `replSetGetConfig` that is looked at; `settings` is filled with the defaults. */
interface SetConfig {
  readonly members: readonly { readonly arbiterOnly: boolean }[];
  readonly settings: { readonly heartbeatIntervalMillis: number };
  readonly writeConcernMajorityJournalDefault?: boolean;
}

/** Not authorised; and what routers say to a command that they do not have. */
const notToBeHad = [13, 59];

/** What `doctor` looks at. */
export async function readReplicaSet(connection: Connection, models: Models): Promise<ReplicaSet> {
  const admin = connection.getClient().db().admin();
  const askedAt = Date.now();
  const { localTime } = (await admin.command({ hello: 1 })) as { readonly localTime: Date };
  const clockAheadMs = localTime.getTime() - (askedAt + Date.now()) / 2;
  const found = { clockAheadMs, missingIndexes: await missingIndexes(models) };
  try {
    const { config } = (await admin.command({ replSetGetConfig: 1 })) as { readonly config: SetConfig };
    return {
      ...found,
      config: {
        members: config.members.length,
        arbiters: config.members.filter(({ arbiterOnly }) => arbiterOnly).length,
        heartbeatIntervalMs: config.settings.heartbeatIntervalMillis,
        isJournaled: config.writeConcernMajorityJournalDefault ?? true,
      },
    };
  } catch (error) {
    if (notToBeHad.includes((error as { readonly code?: number }).code ?? 0)) return { ...found, config: null };
    throw error;
  }
}
