import type { Bundle, CheckRequest, SlotReader, Snapshot } from '../../domain/check.ts';
import type { Unplaced } from '../../domain/denial.ts';
import { unknownPlace } from '../directory.ts';
import type { Vault } from '../vault.ts';
import type { BundleCache } from './bundle-cache.ts';
import { hexOf, lookupText } from './license-documents.ts';
import type { Models } from './models.ts';
import { checkedFields, type CheckedLicense, createWorkingLicense, type WorkingLicense } from './working-license.ts';

export interface Placed {
  readonly bundle: Bundle;
  /** null: without a key. */
  readonly lookup: string | null;
}

/** What one group of checks is decided on. */
export interface GroupSnapshot {
  place(request: CheckRequest): Placed | { readonly unplaced: Unplaced };
  /** null: there is no such license. The same one for every check of the group. */
  license(lookup: string): WorkingLicense | null;
}

export interface Snapshots {
  /** Reads for all of them at once. `isLinearizable`: another member may have become primary. */
  read(requests: readonly CheckRequest[], isLinearizable: boolean): Promise<GroupSnapshot>;
}

const noSlots: SlotReader = { find: () => null, countLive: () => 0 };
/** Less than the client's own limit, so that the server ends it and the connection can be used again. */
const longestReadMs = 800;

export function createSnapshots(models: Models, vault: Vault, cache: BundleCache, now: () => Date): Snapshots {
  const { directory } = cache;

  function lookupOf(guildId: string, key: string | null): string | null {
    return key === null ? null : lookupText(vault.lookup(guildId, key));
  }

  /** By what is known of the guilds so far. */
  function lookupsOf(requests: readonly CheckRequest[]): readonly string[] {
    const lookups = requests.flatMap(({ place, key }) => {
      const placed = directory.find(place, now());
      return 'unplaced' in placed ? [] : placed.guildIds.map((guildId) => lookupOf(guildId, key));
    });
    return lookups.filter((lookup) => lookup !== null);
  }

  async function readStamp(isLinearizable: boolean): Promise<number> {
    const query = models.stamp.findById('stamp').select({ value: 1 }).maxTimeMS(longestReadMs).lean();
    const found = await (isLinearizable ? query.readConcern('linearizable') : query);
    return found?.value ?? 0;
  }

  async function readLicenses(lookups: readonly string[], into: Map<string, WorkingLicense>): Promise<void> {
    if (lookups.length === 0) return;
    const found = await models.licenses
      .find({ _id: { $in: [...new Set(lookups)] }, hidden: null, deletedAt: null })
      .select(checkedFields)
      .maxTimeMS(longestReadMs)
      .lean<CheckedLicense[]>();
    for (const license of found) into.set(license._id, createWorkingLicense(license));
  }

  return {
    read: async (requests, isLinearizable) => {
      const licenses = new Map<string, WorkingLicense>();
      const lookups = lookupsOf(requests);
      const [stamp] = await Promise.all([readStamp(isLinearizable), readLicenses(lookups, licenses)]);
      if (!cache.isCurrent(stamp, now())) {
        await cache.refresh(now());
        const known = new Set(lookups);
        // Another place may name another guild by now, and there the key is another license.
        await readLicenses(
          lookupsOf(requests).filter((lookup) => !known.has(lookup)),
          licenses,
        );
      }
      const bundles = new Map<string, Bundle | null>();
      for (const { place } of requests) {
        const placed = directory.find(place, now());
        if ('unplaced' in placed) continue;
        for (const guildId of placed.guildIds) {
          if (bundles.has(guildId)) continue;
          bundles.set(guildId, cache.peek(guildId) ?? (await cache.bundle(guildId)));
        }
      }

      return {
        place: ({ place, key }) => {
          const placed = directory.find(place, now());
          if ('unplaced' in placed) return placed;
          const { guildIds } = placed;
          const holder = guildIds.length > 1 ? guildIds.find((id) => licenses.has(lookupOf(id, key) ?? '')) : undefined;
          const guildId = holder ?? guildIds[0];
          const bundle = bundles.get(guildId);
          return bundle ? { bundle, lookup: lookupOf(guildId, key) } : { unplaced: unknownPlace[place.by] };
        },
        license: (lookup) => licenses.get(lookup) ?? null,
      };
    },
  };
}

/** What the rule of one check looks at. */
export function snapshotOf(
  vault: Vault,
  { bundle, lookup }: Placed,
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
