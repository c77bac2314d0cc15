import type { SQLInputValue } from 'node:sqlite';
import type { Binding } from '../../../domain/binding.ts';
import type { Bundle, KnownUser, SlotReader, Snapshot } from '../../../domain/snapshot.ts';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { UnknownGuildReason } from '../../../domain/denial.ts';
import type { License } from '../../../domain/license.ts';
import { reasonOfUnknownGuild } from '../../guild-directory.ts';
import type { Vault } from '../../vault.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import type { Prepare } from '../database/database.ts';
import type { Columns, Values } from '../columns.ts';
import { bindingColumns, seenBounds } from '../licenses/binding-columns.ts';
import { licenseColumns } from '../licenses/columns.ts';

type FoundGuild = { readonly bundle: Bundle } | { readonly unknownGuild: UnknownGuildReason };

/** Reads what a check is decided on, inside the caller's transaction. The bundle cache has been refreshed in it. */
export interface Snapshots {
  /** The bundle of the guild that the request is for, or why there is none. */
  findGuild(request: CheckRequest, now: Date): FoundGuild;
  snapshot(request: CheckRequest, bundle: Bundle, now: Date): Snapshot;
}

const noSlots: SlotReader = { find: () => null, countLive: () => 0 };

export function createSnapshots(statement: Prepare, vault: Vault, cache: BundleCache): Snapshots {
  const licenseByLookup = createReader(statement, licenseColumns, 'licenses WHERE lookup = ? AND deleted_at IS NULL');
  const userById = statement('SELECT id, username, discriminator FROM users WHERE id = ?');
  const customerByUser = statement('SELECT uuid FROM customers WHERE guild_id = ? AND user_id = ?');
  const slotByValue = createReader(statement, bindingColumns, 'slots WHERE license_id = ? AND kind = ? AND value = ?');
  const liveSlots = statement(`
    SELECT count(*) AS live FROM slots WHERE license_id = ? AND kind = ? AND released_at IS NULL
    AND last_seen > ? AND last_seen <= ?`);

  function slotsOf(license: License, now: Date): SlotReader {
    // Several rules of one check read the same slot.
    const found = new Map<string, Binding | null>();
    return {
      find: (kind, value) => {
        const name = `${kind} ${value}`;
        let slot = found.get(name);
        if (slot === undefined) {
          slot = slotByValue(license.id, kind, value);
          found.set(name, slot);
        }
        return slot;
      },
      countLive: (kind, forgetBefore) => {
        const row = liveSlots.get(license.id, kind, ...seenBounds(forgetBefore, now));
        return (row as { readonly live: number }).live;
      },
    };
  }

  const hasLicense = (guildId: string, key: string) => licenseByLookup(vault.lookup(guildId, key)) !== null;

  function customerIdOf({ guildId, ownerId }: License): string | null {
    if (ownerId === null) return null;
    const supplied = customerByUser.get(guildId, ownerId);
    return supplied ? (supplied.uuid as string) : vault.customerId(guildId, ownerId);
  }

  return {
    findGuild: ({ guildReference: reference, key }, now) => {
      const found = cache.directory.find(reference, now);
      if ('unknownGuild' in found) return found;
      const { guildIds } = found;
      // Products of several guilds may be named: the guild that has a license with this key comes first.
      const holder = guildIds.length > 1 && key !== null ? guildIds.find((id) => hasLicense(id, key)) : undefined;
      const bundle = cache.bundle(statement, holder ?? guildIds[0]);
      return bundle ? { bundle } : { unknownGuild: reasonOfUnknownGuild[reference.by] };
    },
    snapshot: (request, bundle, now) => {
      const lookup = request.key === null ? null : vault.lookup(bundle.guild.id, request.key);
      const license = lookup && licenseByLookup(lookup);
      const owner = license?.ownerId ? userById.get(license.ownerId) : null;
      return {
        now,
        bundle,
        keyHash: lookup?.toString('hex') ?? null,
        license,
        owner: owner ? ({ ...owner } as unknown as KnownUser) : null,
        customerId: license && customerIdOf(license),
        slots: license ? slotsOf(license, now) : noSlots,
      };
    },
  };
}

/**
 * Reads at most one record from the rest of a `SELECT`. The row is read as a list of values, because node:sqlite takes
 * twice as long to build an object with the names of all columns.
 */
function createReader<T>(statement: Prepare, columns: Columns<T>, rest: string) {
  const select = statement(`SELECT ${columns.names.join(', ')} FROM ${rest}`);
  select.setReturnArrays(true);
  return (...params: readonly SQLInputValue[]): T | null => {
    const values = select.get(...params) as unknown as Values | undefined;
    return values ? columns.fromValues(values) : null;
  };
}
