import type { Model, UpdateQuery } from 'mongoose';
import { actorText } from '../../domain/actor.ts';
import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Recorded, Trail } from '../port/trail.ts';
import type { BindingRelease } from '../binding-releases.ts';
import type { AuditEntry, Change, OutboxEntry, WithOutbox } from './documents.ts';
import { copyCustomerId } from './licenses/customer-copies.ts';
import { releaseObserved } from './binding-releases.ts';
import { sweepGuild } from './bundles/guild-sweep.ts';
import type { Models } from './models.ts';
import { takeNumbers } from './ids.ts';
import { raiseBundleVersion } from './bundles/bundle-version.ts';
import { publishBatch, publishPendingCopy } from './licenses/pending-copy.ts';
import { duplicateFields } from './errors.ts';

/** What a change leaves to do, besides its trail. */
interface OutboxOptions {
  readonly changes?: readonly Change[];
  readonly releases?: readonly BindingRelease[];
  readonly publish?: string;
  readonly pendingCopy?: string;
  readonly customer?: string;
  readonly sweep?: true;
  readonly remove?: true;
}

export interface Outbox {
  /** What is stored with a change; effects get their ids here. */
  make(guildId: string, trail: Trail, options?: OutboxOptions): Promise<OutboxEntry>;
  /**
   * Changes the one document that `filter` finds and carries out what follows. False: there was none, nothing happened.
   * When it settles with true, the change, its trail and the bundle version are confirmed by a majority.
   */
  update<T extends WithOutbox>(
    model: Model<T>,
    filter: OutboxFilter,
    update: UpdateQuery<T>,
    outboxEntry: OutboxEntry,
  ): Promise<boolean>;
  /** Inserts the document with the outbox entry in it and carries it out. Rejects with the duplicate key error as it is. */
  insert<T extends WithOutbox>(model: Model<T>, document: T, outboxEntry: OutboxEntry): Promise<void>;
  /** Stores a trail that belongs to no change of a document. */
  record(guildId: string, trail: Trail): Promise<Recorded>;
  /** Carries out what is left in a document; harmless where somebody else does so too. */
  finish<T extends WithOutbox>(model: Model<T>, id: unknown, outbox: readonly OutboxEntry[]): Promise<void>;
  /** Carries out what processes left that died in between. */
  finishOld(): Promise<void>;
  /** Carries out all that is left, where no process lives that would. */
  finishAll(): Promise<void>;
}

type OutboxFilter = Readonly<Record<string, unknown>> & { readonly _id: string | number };

/** A process that lives carries out its own within that time; one that is slower loses nothing either. */
const oldMs = 10_000;
const oldAtOnce = 100;
const collections = [
  'guilds',
  'products',
  'licenses',
  'batches',
  'apiKeys',
  'blacklist',
  'customers',
  'effects',
] as const;

export function createOutbox(models: Models, now: () => Date, random: (bytes: number) => Buffer): Outbox {
  async function storeAudit({ id, guildId, audit }: OutboxEntry): Promise<void> {
    if (audit.length === 0) return;
    const first = await takeNumbers(models, 'audit', audit.length);
    const storedAt = now();
    const documents = audit.map((entry, i) => ({ ...entry, _id: first + i, source: `${id} ${i}`, guildId, storedAt }));
    await insertOnce(models.audit, documents);
  }

  async function storeEffects({ guildId, at, effects }: OutboxEntry): Promise<void> {
    const state = { status: 'pending', createdAt: at, dueAt: at, claimedAt: null, tries: 0, outcome: null } as const;
    const documents = effects.map(({ id, effect }) => ({ _id: id, guildId, kind: effect.kind, effect, ...state }));
    if (documents.length > 0) await insertOnce(models.effects, documents);
  }

  async function finishOne<T extends WithOutbox>(
    model: Model<T>,
    id: unknown,
    outboxEntry: OutboxEntry,
  ): Promise<void> {
    if (outboxEntry.pendingCopy !== null) await publishPendingCopy(models, id as string, outboxEntry.pendingCopy);
    if (outboxEntry.publish !== null) await publishBatch(models, outboxEntry.publish);
    await Promise.all([
      storeAudit(outboxEntry),
      storeEffects(outboxEntry),
      raiseBundleVersion(models, outboxEntry.changes),
    ]);
    for (const release of outboxEntry.releases) await releaseObserved(models, release);
    if (outboxEntry.customer !== null) await copyCustomerId(models, outboxEntry.guildId, outboxEntry.customer);
    if (outboxEntry.sweep) await sweepGuild(models, outboxEntry.guildId);
    if (outboxEntry.remove) return removeDocument(model, id, outboxEntry);
    const one = { _id: id, 'outbox.id': outboxEntry.id };
    await model.collection.updateOne(one as object, { $pull: { outbox: { id: outboxEntry.id } } } as object);
  }

  /** What other changes left to do in it would go with it, and is done first. */
  async function removeDocument<T extends WithOutbox>(
    model: Model<T>,
    id: unknown,
    { id: entryId }: OutboxEntry,
  ): Promise<void> {
    const one = { _id: id, 'outbox.id': entryId };
    const { deletedCount } = await model.collection.deleteOne({ ...one, outbox: { $size: 1 } } as object);
    if (deletedCount === 1) return;
    const left = (await model.collection.findOne(one as object)) as WithOutbox | null;
    if (!left) return;
    await finish(model, id, left.outbox?.filter((other) => other.id !== entryId) ?? []);
    await model.collection.deleteOne(one as object);
  }

  async function finish<T extends WithOutbox>(
    model: Model<T>,
    id: unknown,
    outbox: readonly OutboxEntry[],
  ): Promise<void> {
    for (const outboxEntry of outbox) await finishOne(model, id, outboxEntry);
  }

  /** Some of each collection; in how many documents. */
  async function finishFound(at: object): Promise<number> {
    const failures: unknown[] = [];
    let found = 0;
    for (const name of collections) {
      const model = models[name] as unknown as Model<WithOutbox>;
      const left = await model
        .find({ 'outbox.at': at } as object)
        .limit(oldAtOnce)
        .select('outbox')
        .lean<(WithOutbox & { _id: unknown })[]>();
      for (const { _id, outbox = [] } of left) {
        // One that cannot be finished does not keep the others from it.
        await finish(model, _id, outbox).catch((error: unknown) => failures.push(error));
      }
      found += left.length;
    }
    if (failures.length > 0) throw failures[0];
    return found;
  }

  const make: Outbox['make'] = async (
    guildId,
    trail,
    {
      changes = [],
      releases = [],
      publish = null,
      pendingCopy = null,
      customer = null,
      sweep = false,
      remove = false,
    } = {},
  ) => {
    const firstId = trail.effects.length === 0 ? 0 : await takeNumbers(models, 'effect', trail.effects.length);
    return {
      id: random(12).toString('base64url'),
      at: now(),
      guildId,
      audit: trail.audit.map((event) => auditEntryOf(event, now())),
      effects: trail.effects.map((effect: Effect, i) => ({ id: firstId + i, effect })),
      changes,
      releases: releases,
      publish,
      pendingCopy,
      customer,
      sweep,
      remove,
    };
  };

  return {
    make,

    update: async (model, filter, update, outboxEntry) => {
      const push = { ...(update.$push as object | undefined), outbox: outboxEntry };
      const { matchedCount } = await model.updateOne(filter as object, { ...update, $push: push });
      if (matchedCount === 0) return false;
      await finishOne(model, filter._id, outboxEntry);
      return true;
    },

    insert: async (model, document, outboxEntry) => {
      await model.collection.insertOne({ ...document, outbox: [outboxEntry] });
      await finishOne(model, (document as { readonly _id?: unknown })._id, outboxEntry);
    },

    record: async (guildId, trail) => {
      const outboxEntry = await make(guildId, trail);
      await Promise.all([storeAudit(outboxEntry), storeEffects(outboxEntry)]);
      return { effectIds: outboxEntry.effects.map(({ id }) => id) };
    },

    finish,

    finishOld: async () => {
      await finishFound({ $lt: new Date(now().getTime() - oldMs) });
    },

    finishAll: async () => {
      while ((await finishFound({ $exists: true })) > 0);
    },
  };
}

/** An event as it is stored. */
function auditEntryOf(event: NewAuditEvent, at: Date): AuditEntry {
  const { action, subject, reason } = event;
  return { at, actor: actorText(event.actor), action, subject, reason, details: JSON.stringify(event.details) };
}

/** What is there already was stored by somebody who carried out the same outboxEntry. */
async function insertOnce<T>(model: Model<T>, documents: readonly T[]): Promise<void> {
  try {
    await model.collection.insertMany(documents as never, { ordered: false });
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
}
