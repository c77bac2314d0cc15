import { minuteMs } from '../../../domain/values/calendar.ts';
import { clockToleranceMs } from '../../port/coordination.ts';
import type { CopyKind, CopyPosition, CopySource, CopyTarget } from '../../copy/port.ts';
import { createVault } from '../../vault.ts';
import { openClients } from '../database/clients.ts';
import { rollUpGuild } from '../attempt-statistics.ts';
import { createBundleAdapters } from './bundles.ts';
import { createLicenseAdapters } from './licenses.ts';
import { createRecordAdapters } from './records.ts';
import { type CollectionAdapters, rawCollection } from './collection-adapter.ts';
import { createStateAdapters } from './state.ts';
import { fillFoldedFields } from '../database/fill-folded-fields.ts';
import { claimDatabase } from '../database/meta.ts';
import { createModels, createIndexes, type Models } from '../database/models.ts';
import { createOutbox } from '../outbox.ts';
import { asStoreError } from '../errors.ts';

export interface MongoCopyOptions {
  readonly uri: string;
  readonly masterKey: Buffer;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
}

/** Long enough for an election: a copy need not fail fast. */
const changeTimeoutMs = 30_000;
const otherProcesses =
  'A process that only answers checks cannot be seen here: make sure that none runs on MongoDB until this is done.';

/**
 * Opens the database that is copied. Rejects with one sentence for the operator when it must not be copied, for
 * instance because Latchkey runs on it.
 */
export async function openMongoSource(options: MongoCopyOptions): Promise<CopySource> {
  const { models, vault, ...side } = await open(options, false);
  try {
    // Outbox entries are not copied. They are carried out first, so that the documents have none.
    await createOutbox({ ...options, models, vault, changeTimeoutMs }).finishAll();
    for (const { _id } of await models.guilds.find({ gone: false }).select({ _id: 1 }).lean()) {
      await rollUpGuild({ models, now: options.now }, _id);
    }
  } catch (error) {
    await side.close();
    throw asStoreError(error);
  }
  return { ...side, warning: otherProcesses, refresh: () => Promise.resolve() };
}

/** Opens or creates the database that is filled. Rejects with one sentence for the operator when it must not be. */
export async function openMongoTarget(options: MongoCopyOptions): Promise<CopyTarget> {
  const { models, vault: _, adapters, ...side } = await open(options, true);
  const setProgress: CopyTarget['setProgress'] = (progress) =>
    withStoreErrors(async () => {
      await models.meta.updateOne({ _id: 'latchkey' }, { $set: { copy: progress } });
    });
  return {
    ...side,
    progress: () => withStoreErrors(() => readProgress(models)),
    setProgress,
    write: async (kind, records, from, to) => {
      await withStoreErrors(() => adapters[kind].write(records, from.written + 1));
      await setProgress(to);
    },
    clear: () =>
      withStoreErrors(async () => {
        for (const name of Object.keys(models) as (keyof Models)[]) {
          if (name !== 'meta' && name !== 'bundleVersion') await rawCollection(models, name).deleteMany({});
        }
      }),
    finish: () =>
      withStoreErrors(async () => {
        const copiedAt = new Date((await readProgress(models))?.startedAt ?? options.now());
        await models.meta.updateOne({ _id: 'latchkey' }, { $unset: { copy: 1 }, $set: { copiedAt } });
      }),
  };
}

async function open({ uri, masterKey, now }: MongoCopyOptions, isTarget: boolean) {
  const clients = await withStoreErrors(() => openClients(uri, { checkDeadlineMs: changeTimeoutMs, changeTimeoutMs }));
  const models = createModels(clients.writes.connection);
  const vault = createVault(masterKey);
  try {
    if (!isTarget && !(await models.meta.exists({ _id: 'latchkey' }))) {
      throw new Error(`There is no store in ${describeUri(uri)}.`);
    }
    await claimDatabase(models, {
      vault,
      mayMakeStore: isTarget,
      isCopyTarget: isTarget,
    });
    await requireNoProcess(models, now());
    await createIndexes(models);
    // A key that an older version stored in another form is copied as it is.
    if (!isTarget) await fillFoldedFields(models, vault, () => Promise.resolve());
  } catch (error) {
    await clients.close();
    throw asStoreError(error);
  }
  const startedAt = async () => new Date((await readProgress(models))?.startedAt ?? now());
  const adapters: CollectionAdapters = {
    ...createBundleAdapters(models),
    ...createLicenseAdapters(models),
    ...createRecordAdapters(models, startedAt),
    ...createStateAdapters(models),
  };
  return {
    models,
    vault,
    adapters,
    name: describeUri(uri),
    count: (kind: CopyKind) => withStoreErrors(() => adapters[kind].count()),
    read: <K extends CopyKind>(kind: K, after: CopyPosition | null) =>
      withStoreErrors(() => adapters[kind].read(after)),
    close: () => clients.close(),
  };
}

/**
 * A process that holds a lease is running, or has died within the last minute. No lease is longer: one that ends later
 * was acquired by a clock that was ahead.
 */
async function requireNoProcess({ leases }: Models, now: Date): Promise<void> {
  const latestEnd = new Date(now.getTime() + minuteMs + clockToleranceMs);
  const held = await leases.findOne({ expiresAt: { $gt: now, $lte: latestEnd } }).lean();
  if (!held) return;
  const until = held.expiresAt.toISOString().slice(11, 19);
  throw new Error(
    `Latchkey runs on MongoDB (its lease ${held._id} lasts until ${until} UTC): stop all processes, then run this again.`,
  );
}

async function readProgress({ meta }: Models) {
  return (await meta.findById('latchkey').lean())?.copy ?? null;
}

/** Hosts and database, without user, password and options. */
function describeUri(uri: string): string {
  return `mongodb:${uri.replace(/^[^:]*:\/\/(?:[^@/]*@)?/, '').replace(/\?.*$/, '')}`;
}

async function withStoreErrors<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw asStoreError(error);
  }
}
