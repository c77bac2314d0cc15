import type { License } from '../../../domain/license.ts';
import { addedProducts } from '../../added-products.ts';
import { type BindingRelease, releasesOf, undoneReleases } from '../../binding-releases.ts';
import type { LicenseChange, Licenses } from '../../port/licenses.ts';
import { releaseSlots } from '../binding-releases.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument, OutboxEntry } from '../documents.ts';
import { effectIdsOf } from '../outbox.ts';
import { requireProduct } from '../requirements.ts';
import { belongingOf } from './belonging.ts';
import { changeableFields, keyFields, licenseOf, unchangedWithSlots } from './documents.ts';
import { findDocument } from './find.ts';
import { correctOwnerCopies, type OwnerCopy, ownerCopyOf, readOwners } from './owner-copies.ts';
import { finishLeftover } from './reservations.ts';
import { rekeyLicense } from './two-phase-rekey.ts';

export function createLicenseChanges(store: MongoStore): Pick<Licenses, 'changeLicense'> {
  const { models, outbox, vault } = store;

  /**
   * A reset and a later reset or undo must change the observed values in that order, also when the first one was cut
   * off.
   */
  async function finishReleases({ _id, outbox: entries = [] }: LicenseDocument): Promise<void> {
    const unfinished = entries.filter(({ releases }) => releases.length > 0);
    await outbox.finishEntries(models.licenses, _id, unfinished);
  }

  return {
    changeLicense: (guildId, ref, change) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const found = await findDocument(store, guildId, ref);
          const bundle = found && (await store.bundle(guildId));
          if (!bundle) return null;
          if (found.unpublished !== null) {
            await finishLeftover(store, found);
            return conflict;
          }
          const current = licenseOf(found);
          const now = store.now();
          const decided = change(current, bundle, now);
          const { next: changed, trail, result, newKey } = decided;
          if (!changed) return { ...result, effectIds: [] };
          const claim = claimIn(current, decided);
          // The customer of a claim stays, until the outbox entry has linked it to its Discord user.
          const { ownerId } = changed;
          const belonging = claim
            ? { ownerId, customerId: claim.customerId }
            : await belongingOf(store, guildId, changed, current);
          if (belonging === conflict) return conflict;
          const next = { ...changed, ...belonging };
          for (const id of addedProducts(current, next)) await requireProduct(store, guildId, id);

          const releases = releasesIn(current.id, decided, now);
          if (releases.length > 0) await finishReleases(found);
          const key = newKey === undefined ? null : keyFields(vault, guildId, newKey);
          // A new key means a new document. A process that updates the owner's name or UUID in all licenses at the same
          // time may miss it, so the copies are read again here.
          const isMoved = next.ownerId !== current.ownerId || next.customerId !== current.customerId;
          const copied = key !== null || isMoved ? [next] : [];
          const owners = await readOwners(models, copied);
          const owner = copied.length > 0 ? ownerCopyOf(owners, next) : null;
          const state = stateOf(found, next, { releases, owner, now });
          const outboxEntry = await outbox.createEntry(guildId, trail, {
            releases,
            claim,
            ...(key && key._id !== found._id ? { pendingCopy: key._id, remove: true } : {}),
          });
          if (key && key._id !== found._id) {
            const outcome = await rekeyLicense(store, { from: found, key, state, outboxEntry });
            if (outcome === 'taken') return { taken: 'key' as const };
            if (outcome === conflict) return conflict;
          } else {
            const update = { $set: state, $inc: { rev: 1 } };
            const unchanged = releases.length > 0 ? unchangedWithSlots(found) : { _id: found._id, rev: found.rev };
            if (!(await outbox.update(models.licenses, unchanged, update, outboxEntry))) return conflict;
          }
          await correctOwnerCopies(store, [current.id], claim ? [] : copied, owners);
          return { ...result, effectIds: effectIdsOf(outboxEntry) };
        }),
      ),
  };
}

/** The claim of a license whose customer has no Discord user yet; null: there is none, and the new owner has a record. */
function claimIn<R>(
  { ownerId, customerId }: License,
  { next, isClaim }: LicenseChange<R>,
): NonNullable<OutboxEntry['claim']> | null {
  if (!isClaim || ownerId !== null || customerId === null || !next?.ownerId) return null;
  return { customerId, discordId: next.ownerId };
}

function releasesIn<R>(
  licenseId: number,
  { release, undoRelease }: LicenseChange<R>,
  now: Date,
): readonly BindingRelease[] {
  const undone = undoRelease ? undoneReleases(licenseId, undoRelease) : [];
  return [...undone, ...releasesOf(licenseId, release ?? [], now)];
}

/** The fields that the change stores. */
function stateOf(
  found: LicenseDocument,
  next: License,
  {
    releases,
    owner,
    now,
  }: { readonly releases: readonly BindingRelease[]; readonly owner: OwnerCopy | null; readonly now: Date },
): Partial<LicenseDocument> {
  const isEndMoved = next.expiresAt?.getTime() !== found.expiresAt?.getTime();
  const isNotifiedAgain = isEndMoved && (next.expiresAt === null || next.expiresAt > now);
  return {
    ...changeableFields(next),
    ...owner,
    ...(releases.length > 0 ? { slots: releaseSlots(found.slots, releases) } : {}),
    ...(isNotifiedAgain ? { expiryNotified: false } : {}),
  };
}
