import type { Bundle, SlotReader, Snapshot } from '../../../domain/snapshot.ts';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { UnknownGuildReason } from '../../../domain/denial.ts';
import { unknownGuildReasons } from '../../guild-directory.ts';
import { StoreUnavailableError } from '../../port/errors.ts';
import type { Vault } from '../../vault.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import { hexOf, lookupText } from '../licenses/documents.ts';
import type { Models } from '../models.ts';
import { asStoreError } from '../errors.ts';
import { checkedFields, type CheckedLicense, createWorkingLicense, type WorkingLicense } from './working-license.ts';

export interface CheckedRequest {
  readonly bundle: Bundle;
  /** null: without a key. */
  readonly lookup: string | null;
}

/** What one group of checks is decided on. */
export interface GroupSnapshot {
  place(
    request: CheckRequest,
  ): CheckedRequest | { readonly unknownGuild: UnknownGuildReason } | { readonly unreadable: unknown };
  /** null: there is no such license. The same one for every check of the group. */
  license(lookup: string): WorkingLicense | null;
}

export interface Snapshots {
  /** Reads for all of them at once. `isLinearizable`: another member may have become primary. */
  read(requests: readonly CheckRequest[], isLinearizable: boolean): Promise<GroupSnapshot>;
}

type Candidates =
  | { readonly guilds: readonly { readonly guildId: string; readonly lookup: string | null }[] }
  | { readonly unknownGuild: UnknownGuildReason };

const noSlots: SlotReader = { find: () => null, countLive: () => 0 };

/** A read takes at most `maxReadMs`: less than the client's own limit, so that its connection can be used again. */
export function createSnapshots(
  models: Models,
  vault: Vault,
  cache: BundleCache,
  now: () => Date,
  maxReadMs: number,
): Snapshots {
  const { directory } = cache;

  /** Where each request's license may be, by what is known of the guilds so far. */
  function candidatesOf(requests: readonly CheckRequest[]): ReadonlyMap<CheckRequest, Candidates> {
    return new Map(requests.map((request) => [request, candidatesOfOne(request)]));
  }

  function candidatesOfOne({ guildReference: reference, key }: CheckRequest): Candidates {
    const placed = directory.find(reference, now());
    if ('unknownGuild' in placed) return placed;
    const lookupOf = (guildId: string) => (key === null ? null : lookupText(vault.lookup(guildId, key)));
    return { guilds: placed.guildIds.map((guildId) => ({ guildId, lookup: lookupOf(guildId) })) };
  }

  async function readBundleVersion(isLinearizable: boolean): Promise<number> {
    const query = models.bundleVersion.findById('current').select({ value: 1 }).maxTimeMS(maxReadMs).lean();
    const found = await (isLinearizable ? query.readConcern('linearizable') : query);
    return found?.value ?? 0;
  }

  async function readLicenses(
    candidates: Iterable<Candidates>,
    into: Map<string, WorkingLicense>,
    read: Set<string>,
  ): Promise<void> {
    const wanted = new Set<string>();
    for (const one of candidates) {
      if ('unknownGuild' in one) continue;
      for (const { lookup } of one.guilds) if (lookup !== null && !read.has(lookup)) wanted.add(lookup);
    }
    if (wanted.size === 0) return;
    for (const lookup of wanted) read.add(lookup);
    const found = await models.licenses
      .find({ _id: { $in: [...wanted] }, unpublished: null, deletedAt: null })
      .select(checkedFields)
      .maxTimeMS(maxReadMs)
      .lean<CheckedLicense[]>();
    for (const license of found) into.set(license._id, createWorkingLicense(license));
  }

  /** `unreadable`: guilds of which something cannot be understood, and why; the other guilds have no part in that. */
  async function readBundles(candidates: Iterable<Candidates>) {
    const bundles = new Map<string, Bundle | null>();
    const unreadable = new Map<string, unknown>();
    const missing = new Set<string>();
    for (const one of candidates) {
      if ('unknownGuild' in one) continue;
      for (const { guildId } of one.guilds) {
        const known = cache.peek(guildId);
        if (known) bundles.set(guildId, known);
        else missing.add(guildId);
      }
    }
    if (missing.size === 0) return { bundles, unreadable };
    for (const read of await cache.bundles([...missing])) {
      if ('bundle' in read) {
        bundles.set(read.guildId, read.bundle);
        continue;
      }
      const failure = asStoreError(read.failure);
      if (failure instanceof StoreUnavailableError) throw failure;
      unreadable.set(read.guildId, failure);
    }
    return { bundles, unreadable };
  }

  return {
    read: async (requests, isLinearizable) => {
      const licenses = new Map<string, WorkingLicense>();
      const lookups = new Set<string>();
      let candidates = candidatesOf(requests);
      const [bundleVersion] = await Promise.all([
        readBundleVersion(isLinearizable),
        readLicenses(candidates.values(), licenses, lookups),
      ]);
      if (!cache.isCurrent(bundleVersion, now())) {
        await cache.refresh(now());
        // Another place may name another guild by now, and there the key is another license.
        candidates = candidatesOf(requests);
        await readLicenses(candidates.values(), licenses, lookups);
      }
      const { bundles, unreadable } = await readBundles(candidates.values());

      return {
        place: (request) => {
          const found = candidates.get(request) ?? { unknownGuild: unknownGuildReasons[request.guildReference.by] };
          if ('unknownGuild' in found) return found;
          const { guilds } = found;
          const holder = guilds.length > 1 ? guilds.find(({ lookup }) => licenses.has(lookup ?? '')) : undefined;
          const chosen = holder ?? guilds[0];
          if (chosen && unreadable.has(chosen.guildId)) return { unreadable: unreadable.get(chosen.guildId) };
          const bundle = chosen && bundles.get(chosen.guildId);
          return bundle
            ? { bundle, lookup: chosen.lookup }
            : { unknownGuild: unknownGuildReasons[request.guildReference.by] };
        },
        license: (lookup) => licenses.get(lookup) ?? null,
      };
    },
  };
}

/** What the rule of one check looks at. */
export function snapshotOf(
  vault: Vault,
  { bundle, lookup }: CheckedRequest,
  working: WorkingLicense | null,
  now: Date,
): Snapshot {
  const license = working?.license() ?? null;
  const { owner = null, customerId = null } = working ?? {};
  const ownerId = license?.ownerId ?? null;
  return {
    now,
    bundle,
    keyHash: lookup === null ? null : hexOf(lookup),
    license,
    owner: owner && ownerId !== null ? { id: ownerId, ...owner } : null,
    customerId: ownerId === null ? null : (customerId ?? vault.customerId(bundle.guild.id, ownerId)),
    slots: working ?? noSlots,
  };
}
