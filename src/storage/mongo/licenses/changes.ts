import type { License } from '../../../domain/license.ts';
import type { LicenseChange, Licenses } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import { lost, untilWon } from '../conflict.ts';
import { forgetMarks, type Mark, rememberMarks } from '../../binding-releases.ts';
import type { LicenseDocument } from '../documents.ts';
import { markSlots } from '../binding-releases.ts';
import { changeableFields, keyFields, licenseOf } from './documents.ts';
import { findDocument } from './find.ts';
import { moveLicense } from './two-phase-rekey.ts';
import { copyOf, correctOwners, type OwnerCopy, readOwners } from './owner-copies.ts';
import { requireProduct } from '../requirements.ts';
import { clearAway } from './reservations.ts';

export function createLicenseChanges(store: MongoStore): Pick<Licenses, 'changeLicense'> {
  const { models, rests, vault } = store;

  /** Two resets, or a reset and its undo, go through the seen values one after the other. */
  async function finishMarks({ _id, rests: left = [] }: LicenseDocument): Promise<void> {
    const marking = left.filter(({ marks }) => marks.length > 0);
    await rests.finish(models.licenses, _id, marking);
  }

  return {
    changeLicense: (guildId, ref, change) =>
      store.run(() =>
        untilWon(store, async () => {
          const found = await findDocument(store, guildId, ref);
          const bundle = found && (await store.bundle(guildId));
          if (!bundle) return null;
          if (found.hidden !== null) {
            await clearAway(store, found);
            return lost;
          }
          const current = licenseOf(found);
          const now = store.now();
          const decided = change(current, bundle, now);
          const { next, trail, result, newKey } = decided;
          if (!next) return { ...result, effectIds: [] };
          if (next.productId !== current.productId) await requireProduct(store, guildId, next.productId);

          const marks = marksOf(current.id, decided, now);
          if (marks.length > 0) await finishMarks(found);
          const key = newKey === undefined ? null : keyFields(vault, guildId, newKey);
          // A new key is a new document, which whoever copies something into the old one may miss.
          const isCopied = key !== null || next.ownerId !== current.ownerId;
          const owners = await readOwners(models, guildId, isCopied ? [next.ownerId] : []);
          const owner = isCopied ? copyOf(owners, next.ownerId) : null;
          const state = stateOf(found, next, { marks, owner, now });
          const rest = await rests.make(guildId, trail, {
            marks,
            ...(key && key._id !== found._id ? { successor: key._id, remove: true } : {}),
          });
          if (key && key._id !== found._id) {
            const outcome = await moveLicense(store, { from: found, key, state, rest });
            if (outcome === 'taken') return { taken: 'key' as const };
            if (outcome === lost) return lost;
          } else {
            const { _id, rev } = found;
            const update = { $set: state, $inc: { rev: 1 } };
            if (!(await rests.update(models.licenses, { _id, rev }, update, rest))) return lost;
          }
          await correctOwners(models, guildId, [current.id], owners);
          return { ...result, effectIds: rest.effects.map(({ id }) => id) };
        }),
      ),
  };
}

function marksOf<R>(licenseId: number, { forget, remember }: LicenseChange<R>, now: Date): readonly Mark[] {
  const remembered = remember ? rememberMarks(licenseId, remember) : [];
  return [...remembered, ...forgetMarks(licenseId, forget ?? [], now)];
}

/** What the change stores. */
function stateOf(
  found: LicenseDocument,
  next: License,
  { marks, owner, now }: { readonly marks: readonly Mark[]; readonly owner: OwnerCopy | null; readonly now: Date },
): Partial<LicenseDocument> {
  const isEndMoved = next.expiresAt?.getTime() !== found.expiresAt?.getTime();
  const isToldAgain = isEndMoved && (next.expiresAt === null || next.expiresAt > now);
  return {
    ...changeableFields(next),
    ...owner,
    ...(marks.length > 0 ? { slots: markSlots(found.slots, marks) } : {}),
    ...(isToldAgain ? { expiryTold: false } : {}),
  };
}
