import type { License } from '../../../domain/license.ts';
import type { LicenseChange, Licenses } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import { releasesOf, type BindingRelease, undoneReleases } from '../../binding-releases.ts';
import type { LicenseDocument } from '../documents.ts';
import { releaseSlots } from '../binding-releases.ts';
import { changeableFields, keyFields, licenseOf } from './documents.ts';
import { findDocument } from './find.ts';
import { moveLicense } from './two-phase-rekey.ts';
import { copyOf, correctOwners, type OwnerCopy, readOwners } from './owner-copies.ts';
import { requireProduct } from '../requirements.ts';
import { resolveLeftover } from './reservations.ts';

export function createLicenseChanges(store: MongoStore): Pick<Licenses, 'changeLicense'> {
  const { models, outbox, vault } = store;

  /** Two resets, or a reset and its undo, go through the seen values one after the other. */
  async function finishReleases({ _id, outbox: left = [] }: LicenseDocument): Promise<void> {
    const marking = left.filter(({ releases: releases }) => releases.length > 0);
    await outbox.finish(models.licenses, _id, marking);
  }

  return {
    changeLicense: (guildId, ref, change) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const found = await findDocument(store, guildId, ref);
          const bundle = found && (await store.bundle(guildId));
          if (!bundle) return null;
          if (found.unpublished !== null) {
            await resolveLeftover(store, found);
            return conflict;
          }
          const current = licenseOf(found);
          const now = store.now();
          const decided = change(current, bundle, now);
          const { next, trail, result, newKey } = decided;
          if (!next) return { ...result, effectIds: [] };
          if (next.productId !== current.productId) await requireProduct(store, guildId, next.productId);

          const releases = releasesIn(current.id, decided, now);
          if (releases.length > 0) await finishReleases(found);
          const key = newKey === undefined ? null : keyFields(vault, guildId, newKey);
          // A new key is a new document, which whoever copies something into the old one may miss.
          const isCopied = key !== null || next.ownerId !== current.ownerId;
          const owners = await readOwners(models, guildId, isCopied ? [next.ownerId] : []);
          const owner = isCopied ? copyOf(owners, next.ownerId) : null;
          const state = stateOf(found, next, { releases, owner, now });
          const outboxEntry = await outbox.make(guildId, trail, {
            releases,
            ...(key && key._id !== found._id ? { pendingCopy: key._id, remove: true } : {}),
          });
          if (key && key._id !== found._id) {
            const outcome = await moveLicense(store, { from: found, key, state, outboxEntry });
            if (outcome === 'taken') return { taken: 'key' as const };
            if (outcome === conflict) return conflict;
          } else {
            const { _id, rev } = found;
            const update = { $set: state, $inc: { rev: 1 } };
            if (!(await outbox.update(models.licenses, { _id, rev }, update, outboxEntry))) return conflict;
          }
          await correctOwners(models, guildId, [current.id], owners);
          return { ...result, effectIds: outboxEntry.effects.map(({ id }) => id) };
        }),
      ),
  };
}

function releasesIn<R>(
  licenseId: number,
  { release, undoRelease }: LicenseChange<R>,
  now: Date,
): readonly BindingRelease[] {
  const undone = undoRelease ? undoneReleases(licenseId, undoRelease) : [];
  return [...undone, ...releasesOf(licenseId, release ?? [], now)];
}

/** What the change stores. */
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
  const isToldAgain = isEndMoved && (next.expiresAt === null || next.expiresAt > now);
  return {
    ...changeableFields(next),
    ...owner,
    ...(releases.length > 0 ? { slots: releaseSlots(found.slots, releases) } : {}),
    ...(isToldAgain ? { expiryNotified: false } : {}),
  };
}
