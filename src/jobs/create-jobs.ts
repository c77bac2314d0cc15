import { createReconcileRoles } from '../services/reconcile-roles.ts';
import type { Services } from '../services/services.ts';
import type { Storage } from '../storage/port/storage.ts';
import { createBackupJob } from './backup.ts';
import { createBlacklistEndsJob } from './blacklist-ends.ts';
import { createDiskSpaceJob, type StoreDisk } from './disk-space.ts';
import { createExpiryJob } from './expiry.ts';
import type { Job } from './job.ts';
import { createPurgeJob } from './purge.ts';
import { createRetentionJob } from './retention.ts';
import { createRoleReconciliationJob } from './role-reconciliation.ts';

export interface JobsOptions {
  readonly services: Services;
  readonly storage: Storage;
  readonly now: () => Date;
  /** The embedded store; null: the store is MongoDB, which has its own tools for backups. */
  readonly embedded: {
    /** The folder for nightly backups. */
    readonly backupDir: string;
    readonly readDisk: () => Promise<StoreDisk>;
  } | null;
}

/** Every job of the program. */
export function createJobs({ services, storage, now, embedded }: JobsOptions): readonly Job[] {
  const { upkeep, guilds, members, alerts } = services;
  const reconcileRoles = createReconcileRoles({ storage, members, alerts });
  const ofEmbeddedStore =
    embedded === null
      ? []
      : [
          createBackupJob({ backup: (file) => storage.backup(file), dir: embedded.backupDir, now }),
          createDiskSpaceJob(alerts, embedded.readDisk),
        ];
  return [
    createExpiryJob(upkeep),
    createBlacklistEndsJob(upkeep),
    createRetentionJob(upkeep),
    createPurgeJob(upkeep),
    createRoleReconciliationJob({ guilds, reconcileRoles }),
    ...ofEmbeddedStore,
  ];
}
