import { system } from '../../../domain/actor.ts';
import type { NewAuditEvent } from '../../../domain/audit.ts';
import type { BlacklistEntry } from '../../../domain/blacklist/blacklist.ts';
import { keySuffix, maskKey } from '../../../domain/values/key-format.ts';
import type { Blacklist, NewBlacklistEntry } from '../../port/blacklist.ts';
import type { Trail } from '../../port/trail.ts';
import { blacklistEntryOf } from './documents.ts';
import type { MongoStore } from '../connection.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { BlacklistDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { takeNumbers } from '../ids.ts';
import { effectIdsOf } from '../outbox.ts';
import { requireGuild } from '../requirements.ts';
import { deleteInSteps } from '../steps.ts';

interface Identity {
  readonly match: string;
  readonly value: string;
}

export function createBlacklist(store: MongoStore): Omit<Blacklist, 'blacklistReach'> {
  const { models, outbox } = store;
  const keyMatch = (guildId: string, key: string) => store.vault.lookup(guildId, key).toString('hex');

  /**
   * How an entry identifies what it blocks. Of a license key only the look-up hash and the masked suffix are stored.
   */
  function identityOf(guildId: string, { key, match, value }: NewBlacklistEntry): Identity {
    if (key !== null) return { match: keyMatch(guildId, key), value: maskKey(keySuffix(key)) };
    if (match === null) throw new Error('A blacklist entry needs a match or a key.');
    return { match, value };
  }

  const makeEntry = ({ guildId, id }: BlacklistEntry, trail: Trail, options: { readonly remove?: true } = {}) =>
    outbox.createEntry(guildId, trail, { changes: [{ guildId, kind: 'blacklist', ref: String(id) }], ...options });

  async function replace(
    found: BlacklistDocument,
    { reason, expiresAt }: NewBlacklistEntry,
    trail: (made: BlacklistEntry) => Trail,
  ) {
    const replaced = blacklistEntryOf(found);
    const entry = { ...replaced, reason, expiresAt };
    const outboxEntry = await makeEntry(entry, trail(entry));
    const filter = { _id: found._id, rev: found.rev, gone: false };
    const isStored = await outbox.update(
      models.blacklist,
      filter,
      { $set: { reason, expiresAt }, $inc: { rev: 1 } },
      outboxEntry,
    );
    return isStored ? { entry, replaced, effectIds: effectIdsOf(outboxEntry) } : conflict;
  }

  async function insert(
    guildId: string,
    { type, reason, expiresAt, createdBy }: NewBlacklistEntry,
    identity: Identity,
    trail: (made: BlacklistEntry) => Trail,
  ) {
    const _id = await takeNumbers(models, 'blacklist', 1);
    const made = { guildId, type, ...identity, reason, expiresAt, hits: 0, createdAt: store.now(), createdBy };
    const document: BlacklistDocument = { _id, rev: 1, ...made, gone: false };
    const entry = blacklistEntryOf(document);
    const outboxEntry = await makeEntry(entry, trail(entry));
    try {
      await outbox.insert(models.blacklist, document, outboxEntry);
    } catch (error) {
      if (duplicateFields(error)) return conflict;
      throw error;
    }
    return { entry, replaced: null, effectIds: effectIdsOf(outboxEntry) };
  }

  /**
   * Marks the entry `gone` with one conditional write; the document is removed once the bundle version is raised.
   * Resolves to false when another process has changed the entry since it was read.
   */
  async function remove(found: BlacklistDocument, trail: Trail): Promise<boolean> {
    const outboxEntry = await makeEntry(blacklistEntryOf(found), trail, { remove: true });
    const filter = { _id: found._id, rev: found.rev, gone: false };
    return outbox.update(models.blacklist, filter, { $set: { gone: true }, $inc: { rev: 1 } }, outboxEntry);
  }

  return {
    addBlacklistEntry: (guildId, entry, trail) =>
      store.run(async () => {
        await requireGuild(store, guildId);
        const identity = identityOf(guildId, entry);
        return retryOnConflict(store, async () => {
          const found = await models.blacklist.findOne({ guildId, type: entry.type, match: identity.match }).lean();
          if (!found) return insert(guildId, entry, identity, trail);
          if (!found.gone) return replace(found, entry, trail);
          await outbox.finishEntries(models.blacklist, found._id, found.outbox ?? []);
          return conflict;
        });
      }),

    removeBlacklistEntry: (guildId, id, trail) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const found = await models.blacklist.findOne({ _id: id, guildId, gone: false }).lean();
          if (!found) return null;
          return (await remove(found, trail)) ? blacklistEntryOf(found) : conflict;
        }),
      ),

    blacklist: (guildId, { type }, { limit, beforeId }) =>
      store.run(async () => {
        const found = await models.blacklist
          .find({ guildId, gone: false, _id: { $lt: beforeId ?? Infinity }, ...(type && { type }) })
          .hint(type ? { guildId: 1, type: 1, _id: -1 } : { guildId: 1, _id: -1 })
          .sort({ _id: -1 })
          .limit(limit)
          .lean();
        return found.map(blacklistEntryOf);
      }),

    countBlacklist: (guildId) => store.run(() => models.blacklist.countDocuments({ guildId, gone: false })),

    blacklistEntry: (guildId, of) =>
      store.run(async () => {
        const match = 'key' in of ? keyMatch(guildId, of.key) : of.match;
        const found = await models.blacklist.findOne({ guildId, type: of.type, match, gone: false }).lean();
        return found && blacklistEntryOf(found);
      }),

    denyingEntries: (guildId, type, matches, now) =>
      store.run(async () => {
        const inForce = { $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] };
        const found = await models.blacklist
          .find({ guildId, type, match: { $in: [...matches] }, gone: false, ...inForce })
          .lean();
        return found.map(blacklistEntryOf);
      }),

    endBlacklistEntries: (now, limit) =>
      store.run(() =>
        deleteInSteps(limit, async (rows) => {
          const expired = await models.blacklist
            .find({ expiresAt: { $lte: now, $type: 'date' }, gone: false })
            .sort({ expiresAt: 1, _id: 1 })
            .limit(rows)
            .lean();
          let removed = 0;
          for (const entry of expired)
            if (await remove(entry, { audit: [endEventOf(entry)], effects: [] })) removed += 1;
          return removed;
        }),
      ),
  };
}

function endEventOf({ _id: id, type, value, hits, reason }: BlacklistDocument): NewAuditEvent {
  const details = { type, value, hits };
  return { actor: system, action: 'blacklist.ended', subject: `blacklist:${id}`, reason, details };
}
