import type { Model, UpdateQuery } from 'mongoose';
import { actorText } from '../../domain/actor.ts';
import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Recorded, Trail } from '../port/trail.ts';
import type { Mark } from '../binding-releases.ts';
import type { AuditEntry, Change, Rest, WithRests } from './documents.ts';
import { copyCustomerId } from './licenses/customer-copies.ts';
import { markSeen } from './binding-releases.ts';
import { sweepGuild } from './bundles/guild-sweep.ts';
import type { Models } from './models.ts';
import { takeNumbers } from './ids.ts';
import { raiseStamp } from './bundles/bundle-version.ts';
import { showBatch, takePlace } from './licenses/pending-copy.ts';
import { duplicateFields } from './errors.ts';

/** What a change leaves to do, besides its trail. */
interface RestOptions {
  readonly changes?: readonly Change[];
  readonly marks?: readonly Mark[];
  readonly show?: string;
  readonly successor?: string;
  readonly customer?: string;
  readonly sweep?: true;
  readonly remove?: true;
}

export interface Rests {
  /** What is stored with a change; effects get their ids here. */
  make(guildId: string, trail: Trail, options?: RestOptions): Promise<Rest>;
  /**
   * Changes the one document that `filter` finds and carries out what follows. False: there was none, nothing happened.
   * When it settles with true, the change, its trail and the stamp are confirmed by a majority.
   */
  update<T extends WithRests>(
    model: Model<T>,
    filter: RestFilter,
    update: UpdateQuery<T>,
    rest: Rest,
  ): Promise<boolean>;
  /** Inserts the document with the rest in it and carries it out. Rejects with the duplicate key error as it is. */
  insert<T extends WithRests>(model: Model<T>, document: T, rest: Rest): Promise<void>;
  /** Stores a trail that belongs to no change of a document. */
  record(guildId: string, trail: Trail): Promise<Recorded>;
  /** Carries out what is left in a document; harmless where somebody else does so too. */
  finish<T extends WithRests>(model: Model<T>, id: unknown, rests: readonly Rest[]): Promise<void>;
  /** Carries out what processes left that died in between. */
  finishOld(): Promise<void>;
  /** Carries out all that is left, where no process lives that would. */
  finishAll(): Promise<void>;
}

type RestFilter = Readonly<Record<string, unknown>> & { readonly _id: string | number };

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

export function createRests(models: Models, now: () => Date, random: (bytes: number) => Buffer): Rests {
  async function storeAudit({ id, guildId, audit }: Rest): Promise<void> {
    if (audit.length === 0) return;
    const first = await takeNumbers(models, 'audit', audit.length);
    const storedAt = now();
    const documents = audit.map((entry, i) => ({ ...entry, _id: first + i, source: `${id} ${i}`, guildId, storedAt }));
    await insertOnce(models.audit, documents);
  }

  async function storeEffects({ guildId, at, effects }: Rest): Promise<void> {
    const state = { status: 'pending', createdAt: at, dueAt: at, claimedAt: null, tries: 0, outcome: null } as const;
    const documents = effects.map(({ id, effect }) => ({ _id: id, guildId, kind: effect.kind, effect, ...state }));
    if (documents.length > 0) await insertOnce(models.effects, documents);
  }

  async function finishOne<T extends WithRests>(model: Model<T>, id: unknown, rest: Rest): Promise<void> {
    if (rest.successor !== null) await takePlace(models, id as string, rest.successor);
    if (rest.show !== null) await showBatch(models, rest.show);
    await Promise.all([storeAudit(rest), storeEffects(rest), raiseStamp(models, rest.changes)]);
    for (const mark of rest.marks) await markSeen(models, mark);
    if (rest.customer !== null) await copyCustomerId(models, rest.guildId, rest.customer);
    if (rest.sweep) await sweepGuild(models, rest.guildId);
    if (rest.remove) return removeDocument(model, id, rest);
    const one = { _id: id, 'rests.id': rest.id };
    await model.collection.updateOne(one as object, { $pull: { rests: { id: rest.id } } } as object);
  }

  /** What other changes left to do in it would go with it, and is done first. */
  async function removeDocument<T extends WithRests>(
    model: Model<T>,
    id: unknown,
    { id: restId }: Rest,
  ): Promise<void> {
    const one = { _id: id, 'rests.id': restId };
    const { deletedCount } = await model.collection.deleteOne({ ...one, rests: { $size: 1 } } as object);
    if (deletedCount === 1) return;
    const left = (await model.collection.findOne(one as object)) as WithRests | null;
    if (!left) return;
    await finish(model, id, left.rests?.filter((other) => other.id !== restId) ?? []);
    await model.collection.deleteOne(one as object);
  }

  async function finish<T extends WithRests>(model: Model<T>, id: unknown, rests: readonly Rest[]): Promise<void> {
    for (const rest of rests) await finishOne(model, id, rest);
  }

  /** Some of each collection; in how many documents. */
  async function finishFound(at: object): Promise<number> {
    const failures: unknown[] = [];
    let found = 0;
    for (const name of collections) {
      const model = models[name] as unknown as Model<WithRests>;
      const left = await model
        .find({ 'rests.at': at } as object)
        .limit(oldAtOnce)
        .select('rests')
        .lean<(WithRests & { _id: unknown })[]>();
      for (const { _id, rests = [] } of left) {
        // One that cannot be finished does not keep the others from it.
        await finish(model, _id, rests).catch((error: unknown) => failures.push(error));
      }
      found += left.length;
    }
    if (failures.length > 0) throw failures[0];
    return found;
  }

  const make: Rests['make'] = async (
    guildId,
    trail,
    { changes = [], marks = [], show = null, successor = null, customer = null, sweep = false, remove = false } = {},
  ) => {
    const firstId = trail.effects.length === 0 ? 0 : await takeNumbers(models, 'effect', trail.effects.length);
    return {
      id: random(12).toString('base64url'),
      at: now(),
      guildId,
      audit: trail.audit.map((event) => auditEntryOf(event, now())),
      effects: trail.effects.map((effect: Effect, i) => ({ id: firstId + i, effect })),
      changes,
      marks,
      show,
      successor,
      customer,
      sweep,
      remove,
    };
  };

  return {
    make,

    update: async (model, filter, update, rest) => {
      const push = { ...(update.$push as object | undefined), rests: rest };
      const { matchedCount } = await model.updateOne(filter as object, { ...update, $push: push });
      if (matchedCount === 0) return false;
      await finishOne(model, filter._id, rest);
      return true;
    },

    insert: async (model, document, rest) => {
      await model.collection.insertOne({ ...document, rests: [rest] });
      await finishOne(model, (document as { readonly _id?: unknown })._id, rest);
    },

    record: async (guildId, trail) => {
      const rest = await make(guildId, trail);
      await Promise.all([storeAudit(rest), storeEffects(rest)]);
      return { effectIds: rest.effects.map(({ id }) => id) };
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

/** What is there already was stored by somebody who carried out the same rest. */
async function insertOnce<T>(model: Model<T>, documents: readonly T[]): Promise<void> {
  try {
    await model.collection.insertMany(documents as never, { ordered: false });
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
}
