import mongoose from 'mongoose';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { UnknownGuildReason } from '../../../domain/denial.ts';
import type { Bundle, CheckBundle, SlotReader, Snapshot } from '../../../domain/snapshot.ts';
import { reasonOfUnknownGuild } from '../../guild-directory.ts';
import { StoreUnavailableError } from '../../port/errors.ts';
import type { Vault } from '../../vault.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import { type Compared, findDenyingEntries } from '../bundles/denying-entries.ts';
import { asStoreError } from '../errors.ts';
import { hexOf, lookupText } from '../licenses/documents.ts';
import { collectionOf, type Models } from '../database/models.ts';
import { type HelperReader, readHelpers } from './helpers.ts';
import { findInOtherLetterCase, type MissedKey } from './other-letter-case.ts';
import { checkProjection, type CheckedLicense, createWorkingLicense, type WorkingLicense } from './working-license.ts';

const { deserialize } = mongoose.mongo.BSON;

/** A request whose guild is known. */
export interface ResolvedRequest {
  readonly bundle: CheckBundle;
  /** The license's `_id` if it exists; null: the request names no key. */
  readonly lookup: string | null;
}

/** What the checks of one group are decided on. */
export interface GroupSnapshot {
  /** `unreadable`: the guild's data cannot be understood, and why. */
  resolve(
    request: CheckRequest,
  ): ResolvedRequest | { readonly unknownGuild: UnknownGuildReason } | { readonly unreadable: unknown };
  /** null: there is no such license. All checks of the group get the same object for the same license. */
  license(lookup: string): WorkingLicense | null;
  readonly helpersOf: HelperReader;
}

export interface Snapshots {
  /**
   * Reads what all of these requests need. `isLinearizable`: the bundle version is read with linearizable read concern,
   * because another member may have become primary.
   */
  read(requests: readonly CheckRequest[], isLinearizable: boolean): Promise<GroupSnapshot>;
}

/** The guilds that a request may be for, each with the `_id` that the license has there. */
type Candidates =
  | { readonly guilds: readonly { readonly guildId: string; readonly lookup: string | null }[] }
  | { readonly unknownGuild: UnknownGuildReason };

const noSlots: SlotReader = { find: () => null, hasLive: () => false, live: () => [] };

/**
 * `maxReadMs` limits each read in MongoDB. It is shorter than the client's socket timeout: MongoDB then ends the read
 * itself, and the connection stays usable.
 */
export function createSnapshots(
  models: Models,
  vault: Vault,
  cache: BundleCache,
  now: () => Date,
  maxReadMs: number,
): Snapshots {
  const bundleVersions = collectionOf(models.bundleVersion);
  const storedLicenses = collectionOf(models.licenses);
  const versionOptions = { projection: { value: 1 }, maxTimeMS: maxReadMs } as const;
  // Raw, because the driver takes 37 µs for each license that it decodes, and BSON without the driver's options 23 µs
  // (measured in groups of 32, with the cost of the read).
  const licenseOptions = { projection: checkProjection, maxTimeMS: maxReadMs, raw: true } as const;

  /** By the directory as the cache has it now. */
  function candidatesOf(requests: readonly CheckRequest[]): ReadonlyMap<CheckRequest, Candidates> {
    return new Map(requests.map((request) => [request, findCandidates(request)]));
  }

  function findCandidates({ guildReference, key }: CheckRequest): Candidates {
    const found = cache.directory.find(guildReference, now());
    if ('unknownGuild' in found) return found;
    const lookupOf = (guildId: string) => (key === null ? null : lookupText(vault.lookup(guildId, key)));
    return { guilds: found.guildIds.map((guildId) => ({ guildId, lookup: lookupOf(guildId) })) };
  }

  /**
   * Not linearizable in a set of one: no other member can be primary there, and the read would wait up to 100 ms for
   * the journal (measured with MongoDB 6.0).
   */
  async function readBundleVersion(isLinearizable: boolean): Promise<number> {
    const level = isLinearizable ? 'linearizable' : 'local';
    const found = await bundleVersions.findOne({ _id: 'current' }, { ...versionOptions, readConcern: { level } });
    return found?.value ?? 0;
  }

  /** Adds the licenses to `licenses`. `lookups` holds what was read before, and is not read again. */
  async function readLicenses(
    asked: Iterable<string>,
    licenses: Map<string, WorkingLicense>,
    lookups: Set<string>,
  ): Promise<void> {
    const wanted = new Set([...asked].filter((lookup) => !lookups.has(lookup)));
    if (wanted.size === 0) return;
    for (const lookup of wanted) lookups.add(lookup);
    const published = { _id: { $in: [...wanted] }, unpublished: null, deletedAt: null };
    // Without `batchSize` the first answer has at most 101 licenses.
    const all = { limit: wanted.size, batchSize: wanted.size };
    const found = await storedLicenses.find(published, { ...licenseOptions, ...all }).toArray();
    for (const bytes of found as unknown as readonly Uint8Array[]) {
      const license = deserialize(bytes) as CheckedLicense;
      licenses.set(license._id, createWorkingLicense(license));
    }
  }

  /**
   * `incomplete`: guilds whose blacklist is not in memory. `unreadable`: guilds whose data cannot be understood, with the
   * reason. They do not affect the checks of other guilds.
   */
  async function readBundles(candidates: Iterable<Candidates>) {
    const bundles = new Map<string, CheckBundle>();
    const incomplete = new Map<string, Bundle>();
    const unreadable = new Map<string, unknown>();
    const missing = new Set<string>();
    for (const candidate of candidates) {
      if ('unknownGuild' in candidate) continue;
      for (const { guildId } of candidate.guilds) {
        const cached = cache.peek(guildId);
        if (cached) bundles.set(guildId, cached);
        else missing.add(guildId);
      }
    }
    for (const read of missing.size === 0 ? [] : await cache.bundles([...missing])) {
      if ('failure' in read) {
        const failure = asStoreError(read.failure);
        if (failure instanceof StoreUnavailableError) throw failure;
        unreadable.set(read.guildId, failure);
      } else if (read.bundle) {
        const { guildId, bundle, blacklist } = read;
        if (blacklist) bundles.set(guildId, { ...bundle, blacklist });
        else incomplete.set(guildId, bundle);
      }
    }
    return { bundles, incomplete, unreadable };
  }

  /** Reads the entries of blacklists that are not in memory by which these checks may be denied. */
  async function readBlacklists(
    incomplete: ReadonlyMap<string, Bundle>,
    candidates: ReadonlyMap<CheckRequest, Candidates>,
    storedLookupOf: (lookup: string) => string,
    licenses: ReadonlyMap<string, WorkingLicense>,
  ): Promise<readonly (readonly [string, CheckBundle])[]> {
    const checks = new Map<string, Compared[]>([...incomplete.keys()].map((guildId) => [guildId, []]));
    for (const [request, candidate] of candidates) {
      if ('unknownGuild' in candidate) continue;
      for (const { guildId, lookup: asked } of candidate.guilds) {
        const lookup = asked === null ? null : storedLookupOf(asked);
        const ownerId = licenses.get(lookup ?? '')?.license().ownerId ?? null;
        checks.get(guildId)?.push({ request, keyHash: lookup && hexOf(lookup), ownerId });
      }
    }
    const read = [...incomplete].map(async ([guildId, bundle]) => {
      const blacklist = await findDenyingEntries(models, guildId, checks.get(guildId) ?? [], maxReadMs);
      return [guildId, { ...bundle, blacklist }] as const;
    });
    return Promise.all(read);
  }

  return {
    read: async (requests, isLinearizable) => {
      const licenses = new Map<string, WorkingLicense>();
      const lookups = new Set<string>();
      let candidates = candidatesOf(requests);
      // Both reads begin in the same tick, after the checks have arrived, and go to the same primary. The linearizable
      // read proves that this primary was still the primary then; its own data therefore holds every confirmed change,
      // and read concern `local` is enough for the licenses. `majority` would be wrong here: a newly elected primary
      // answers it from an old snapshot for a moment.
      const [bundleVersion] = await Promise.all([
        readBundleVersion(isLinearizable),
        readLicenses(lookupsOf(candidates), licenses, lookups),
      ]);
      if (!cache.isCurrent(bundleVersion)) {
        await cache.refresh(now());
        // The directory may have changed: a request may be for another guild now, where its key has another `_id`.
        candidates = candidatesOf(requests);
        await readLicenses(lookupsOf(candidates), licenses, lookups);
      }
      const { bundles, incomplete, unreadable } = await readBundles(candidates.values());
      const missed = missedKeys(candidates, new Map<string, Bundle>([...bundles, ...incomplete]), licenses);
      const inOtherCase = await findInOtherLetterCase(models, vault, missed, maxReadMs);
      await readLicenses(inOtherCase.values(), licenses, lookups);
      const storedLookupOf = (lookup: string) => inOtherCase.get(lookup) ?? lookup;
      for (const [guildId, bundle] of await readBlacklists(incomplete, candidates, storedLookupOf, licenses)) {
        bundles.set(guildId, bundle);
      }
      void cache.keepUp(now());
      const helpersOf = await readHelpers(models, vault, [...licenses.values()], maxReadMs);

      return {
        resolve: (request) => {
          const candidate = candidates.get(request) ?? {
            unknownGuild: reasonOfUnknownGuild[request.guildReference.by],
          };
          if ('unknownGuild' in candidate) return candidate;
          const { guilds } = candidate;
          // Product ids may name several guilds. The one in which the key is a license is meant, or else the first.
          const holder =
            guilds.length === 1
              ? undefined
              : (guilds.find(({ lookup }) => licenses.has(lookup ?? '')) ??
                guilds.find(({ lookup }) => inOtherCase.has(lookup ?? '')));
          const chosen = holder ?? guilds[0];
          if (chosen && unreadable.has(chosen.guildId)) return { unreadable: unreadable.get(chosen.guildId) };
          const bundle = chosen && bundles.get(chosen.guildId);
          return bundle
            ? { bundle, lookup: inOtherCase.get(chosen.lookup ?? '') ?? chosen.lookup }
            : { unknownGuild: reasonOfUnknownGuild[request.guildReference.by] };
        },
        license: (lookup) => licenses.get(lookup) ?? null,
        helpersOf,
      };
    },
  };
}

function lookupsOf(candidates: ReadonlyMap<CheckRequest, Candidates>): readonly string[] {
  const guilds = [...candidates.values()].flatMap((candidate) => ('unknownGuild' in candidate ? [] : candidate.guilds));
  return guilds.map(({ lookup }) => lookup).filter((lookup) => lookup !== null);
}

/** The keys without a license for which letter case does not count. */
function missedKeys(
  candidates: ReadonlyMap<CheckRequest, Candidates>,
  bundles: ReadonlyMap<string, Bundle>,
  licenses: ReadonlyMap<string, WorkingLicense>,
): readonly MissedKey[] {
  const missed: MissedKey[] = [];
  for (const [{ key, ignoresKeyCase }, candidate] of candidates) {
    if (key === null || 'unknownGuild' in candidate) continue;
    for (const { guildId, lookup } of candidate.guilds) {
      const ignoresCase = ignoresKeyCase || bundles.get(guildId)?.settings['key.ignoreCase'];
      if (ignoresCase && lookup !== null && !licenses.has(lookup)) missed.push({ guildId, key, lookup });
    }
  }
  return missed;
}

/** The snapshot that the rule of one check gets. */
export function snapshotOf(
  vault: Vault,
  { bundle, lookup }: ResolvedRequest,
  working: WorkingLicense | null,
  helpersOf: HelperReader,
  now: Date,
): Snapshot {
  const license = working?.license() ?? null;
  const { owner = null, customerUuid = null } = working ?? {};
  const ownerId = license?.ownerId ?? null;
  return {
    now,
    bundle,
    keyHash: () => (lookup === null ? null : hexOf(lookup)),
    license,
    owner: () => (owner && ownerId !== null ? { id: ownerId, ...owner } : null),
    customerId: () => (ownerId === null ? null : (customerUuid ?? vault.customerId(bundle.guild.id, ownerId))),
    helpers: () => (license ? helpersOf(license) : []),
    slots: working?.slotsAt(now) ?? noSlots,
  };
}
