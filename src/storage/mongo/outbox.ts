import type { Model, UpdateQuery } from 'mongoose';
import { actorText } from '../../domain/actor.ts';
import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Recorded, Trail } from '../port/trail.ts';
import type { Vault } from '../vault.ts';
import type { BindingRelease } from '../binding-releases.ts';
import type { AuditEntry, Change, OutboxEntry, WithOutbox } from './documents.ts';
import { finishClaim } from './customers/merge-records.ts';
import { returnCustomer, settleCustomer } from './customers/settle.ts';
import { releaseObserved } from './binding-releases.ts';
import { sweepGuild } from './bundles/guild-sweep.ts';
import type { Models } from './database/models.ts';
import { takeNumbers } from './ids.ts';
import { raiseBundleVersion } from './bundles/bundle-version.ts';
import { confirmClaim, publishBatch, publishPendingCopy } from './licenses/pending-copy.ts';
import { duplicateFields } from './errors.ts';

/** What follows from a change besides its trail; each field is described at `OutboxEntry`. */
interface EntryOptions {
  readonly changes?: readonly Change[];
  readonly releases?: readonly BindingRelease[];
  readonly publish?: string;
  readonly takenNote?: string;
  readonly pendingCopy?: string;
  readonly customer?: number;
  readonly returning?: number;
  readonly claim?: OutboxEntry['claim'];
  readonly sweep?: true;
  readonly remove?: true;
}

/**
 * Changes one document together with everything that follows from the change, without a transaction: the write that
 * changes the document also stores an entry in its `outbox`. The process that made the change then carries the entry
 * out and removes it. When that process dies, any other one does it: see `finishAbandoned`.
 */
export interface Outbox {
  /** Makes the entry for a change; takes the ids of its effects from their counter. */
  createEntry(guildId: string, trail: Trail, options?: EntryOptions): Promise<OutboxEntry>;
  /**
   * Changes the one document that `filter` matches and carries the entry out. Resolves to false when no document
   * matches; nothing has happened then. Resolves to true when a majority has confirmed the change, its trail and the
   * raised bundle version.
   */
  update<T extends WithOutbox>(
    model: Model<T>,
    filter: OutboxFilter,
    update: UpdateQuery<T>,
    outboxEntry: OutboxEntry,
  ): Promise<boolean>;
  /**
   * Inserts the document with the entry in its outbox and carries the entry out. Rejects with the duplicate key error
   * as it is.
   */
  insert<T extends WithOutbox>(model: Model<T>, document: T, outboxEntry: OutboxEntry): Promise<void>;
  /** Stores a trail that belongs to no change of a document. */
  recordTrail(guildId: string, trail: Trail): Promise<Recorded>;
  /** Carries out these entries of a document, in order. Harmless while another process does the same. */
  finishEntries<T extends WithOutbox>(model: Model<T>, id: unknown, outbox: readonly OutboxEntry[]): Promise<void>;
  /**
   * Carries out the entries older than 10 s: the processes that stored them have died or are very slow. Also those of a
   * clock that was ahead, which lie over 10 s in the future.
   */
  finishAbandoned(): Promise<void>;
  /** Carries out every entry; for a database on which no other process runs. */
  finishAll(): Promise<void>;
}

type OutboxFilter = Readonly<Record<string, unknown>> & { readonly _id: string | number };

/**
 * A living process carries its own entries out within this time. Nothing is lost when one is slower: two processes that
 * carry out the same entry store the same.
 */
const abandonedAfterMs = 10_000;
const maxDocumentsAtOnce = 100;
const collectionsWithOutbox = [
  'guilds',
  'products',
  'licenses',
  'batches',
  'apiKeys',
  'blacklist',
  'customers',
  'effects',
] as const;

export interface OutboxParts {
  readonly models: Models;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** How long a change is repeated that conflicts with others. */
  readonly changeTimeoutMs: number;
}

export function createOutbox(parts: OutboxParts): Outbox {
  const { models, now, random } = parts;

  async function storeAudit({ id, guildId, audit }: OutboxEntry): Promise<void> {
    if (audit.length === 0) return;
    const first = await takeNumbers(models, 'audit', audit.length);
    const storedAt = now();
    const documents = audit.map((event, i) => ({ ...event, _id: first + i, source: `${id} ${i}`, guildId, storedAt }));
    await insertOnce(models.audit, documents);
  }

  async function storeEffects({ guildId, at, effects }: OutboxEntry): Promise<void> {
    const state = { status: 'pending', createdAt: at, dueAt: at, claimedAt: null, tries: 0, outcome: null } as const;
    const documents = effects.map(({ id, effect }) => ({ _id: id, guildId, kind: effect.kind, effect, ...state }));
    if (documents.length > 0) await insertOnce(models.effects, documents);
  }

  async function followCustomers(id: unknown, { guildId, customer, returning, claim }: OutboxEntry): Promise<void> {
    if (claim) await finishClaim(customerParts, guildId, claim);
    if (customer !== null)
      await settleCustomer(customerParts, typeof customer === 'number' ? customer : (id as number));
    if (typeof returning === 'number') await returnCustomer(customerParts, returning);
  }

  /**
   * Each part can be repeated without changing the result, and the entry is removed last. The bundle version is raised
   * before the change is confirmed, so that every check that arrives after the confirmation sees the change.
   */
  async function finishEntry<T extends WithOutbox>(
    model: Model<T>,
    id: unknown,
    outboxEntry: OutboxEntry,
  ): Promise<void> {
    // Licenses follow their customer before effects are stored, which look at who has which licenses.
    await followCustomers(id, outboxEntry);
    if (outboxEntry.pendingCopy !== null) await publishPendingCopy(models, id as string, outboxEntry.pendingCopy);
    if (outboxEntry.publish !== null) await publishBatch(models, outboxEntry.publish);
    if (outboxEntry.takenNote) await confirmClaim(models, outboxEntry.takenNote);
    await Promise.all([
      storeAudit(outboxEntry),
      storeEffects(outboxEntry),
      raiseBundleVersion(models, outboxEntry.changes),
    ]);
    for (const release of outboxEntry.releases) await releaseObserved(models, release, now());
    if (outboxEntry.sweep) await sweepGuild(models, outboxEntry.guildId);
    if (outboxEntry.remove) return removeDocument(model, id, outboxEntry);
    const holder = { _id: id, 'outbox.id': outboxEntry.id };
    await model.collection.updateOne(holder as object, { $pull: { outbox: { id: outboxEntry.id } } } as object);
  }

  /** The entries of other changes would disappear with the document, so they are carried out before it is removed. */
  async function removeDocument<T extends WithOutbox>(
    model: Model<T>,
    id: unknown,
    { id: entryId }: OutboxEntry,
  ): Promise<void> {
    const holder = { _id: id, 'outbox.id': entryId };
    const { deletedCount } = await model.collection.deleteOne({ ...holder, outbox: { $size: 1 } } as object);
    if (deletedCount === 1) return;
    const document = (await model.collection.findOne(holder as object)) as WithOutbox | null;
    if (!document) return;
    await finishEntries(model, id, document.outbox?.filter((other) => other.id !== entryId) ?? []);
    await model.collection.deleteOne(holder as object);
  }

  async function finishEntries<T extends WithOutbox>(
    model: Model<T>,
    id: unknown,
    outbox: readonly OutboxEntry[],
  ): Promise<void> {
    for (const outboxEntry of outbox) await finishEntry(model, id, outboxEntry);
  }

  /**
   * Carries out the entries whose `at` matches, in at most `maxDocumentsAtOnce` documents of each collection; returns
   * in how many documents there were some. An entry that fails does not stop the others: the first error is thrown at
   * the end.
   */
  async function finishMatching(at: object): Promise<number> {
    const failures: unknown[] = [];
    let total = 0;
    // Read at the same time, because this is done at each start, and one after the other would be eight round trips.
    const found = collectionsWithOutbox.map(async (name) => {
      const model = models[name] as unknown as Model<WithOutbox>;
      const documents = await model
        .find({ 'outbox.at': at } as object)
        .limit(maxDocumentsAtOnce)
        .select('outbox')
        .lean<(WithOutbox & { _id: unknown })[]>();
      return { model, documents };
    });
    for (const { model, documents } of await Promise.all(found)) {
      for (const { _id, outbox = [] } of documents) {
        await finishEntries(model, _id, outbox).catch((error: unknown) => failures.push(error));
      }
      total += documents.length;
    }
    if (failures.length > 0) throw failures[0];
    return total;
  }

  const createEntry: Outbox['createEntry'] = async (
    guildId,
    trail,
    {
      changes = [],
      releases = [],
      publish = null,
      takenNote = null,
      pendingCopy = null,
      customer = null,
      returning = null,
      claim = null,
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
      releases,
      publish,
      takenNote,
      pendingCopy,
      customer,
      returning,
      claim,
      sweep,
      remove,
    };
  };

  const outbox: Outbox = {
    createEntry,

    update: async (model, filter, update, outboxEntry) => {
      const push = { ...(update.$push as object | undefined), outbox: outboxEntry };
      const { matchedCount } = await model.updateOne(filter as object, { ...update, $push: push });
      if (matchedCount === 0) return false;
      await finishEntry(model, filter._id, outboxEntry);
      return true;
    },

    insert: async (model, document, outboxEntry) => {
      await model.collection.insertOne({ ...document, outbox: [outboxEntry] });
      await finishEntry(model, (document as { readonly _id?: unknown })._id, outboxEntry);
    },

    recordTrail: async (guildId, trail) => {
      const outboxEntry = await createEntry(guildId, trail);
      await Promise.all([storeAudit(outboxEntry), storeEffects(outboxEntry)]);
      return { effectIds: effectIdsOf(outboxEntry) };
    },

    finishEntries,

    finishAbandoned: async () => {
      const later = (ms: number) => new Date(now().getTime() + ms);
      await finishMatching({ $lt: later(-abandonedAfterMs) });
      await finishMatching({ $gt: later(abandonedAfterMs) });
    },

    finishAll: async () => {
      while ((await finishMatching({ $exists: true })) > 0);
    },
  };
  const customerParts = { ...parts, outbox };
  return outbox;
}

/** The ids of the effects that were recorded with a change, as the port returns them. */
export function effectIdsOf({ effects }: OutboxEntry): readonly number[] {
  return effects.map(({ id }) => id);
}

function auditEntryOf(event: NewAuditEvent, at: Date): AuditEntry {
  const { action, subject, reason } = event;
  return { at, actor: actorText(event.actor), action, subject, reason, details: JSON.stringify(event.details) };
}

/** A duplicate key means that another process has stored the document while it carried out the same entry. */
async function insertOnce<T>(model: Model<T>, documents: readonly T[]): Promise<void> {
  try {
    await model.collection.insertMany(documents as never, { ordered: false });
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
}
