import type { SQLInputValue } from 'node:sqlite';
import type { CheckBundle, KnownUser, SlotReader, Snapshot } from '../../../domain/snapshot.ts';
import type { CheckRequest } from '../../../domain/check-request.ts';
import type { UnknownGuildReason } from '../../../domain/denial.ts';
import type { License } from '../../../domain/license.ts';
import { reasonOfUnknownGuild } from '../../guild-directory.ts';
import type { Vault } from '../../vault.ts';
import type { BundleCache } from '../bundles/bundle-cache.ts';
import type { Prepare } from '../database/database.ts';
import type { Columns, Values } from '../columns.ts';
import { bindingColumns, seenBounds, slotFromRow, slotNames } from '../licenses/binding-columns.ts';
import { licenseColumns } from '../licenses/columns.ts';
import { isStoredKey } from '../licenses/stored-key.ts';

type FoundGuild = { readonly bundle: CheckBundle } | { readonly unknownGuild: UnknownGuildReason };

/** Reads what a check is decided on, inside the caller's transaction. The bundle cache has been refreshed in it. */
export interface Snapshots {
  /** The bundle of the guild that the request is for, or why there is none. */
  findGuild(request: CheckRequest, now: Date): FoundGuild;
  snapshot(request: CheckRequest, bundle: CheckBundle, now: Date): Snapshot;
}

interface StoredKeyRow {
  readonly lookup: Uint8Array;
  readonly sealed_key: Uint8Array;
}

const noSlots: SlotReader = { find: () => null, hasLive: () => false, live: () => [] };

export function createSnapshots(statement: Prepare, vault: Vault, cache: BundleCache): Snapshots {
  const licenseByLookup = createReader(statement, licenseColumns, 'licenses WHERE lookup = ? AND deleted_at IS NULL');
  const keysLike = statement(
    'SELECT lookup, sealed_key FROM licenses WHERE key_folded = ? AND +guild_id = ? AND deleted_at IS NULL',
  );
  const userById = statement('SELECT username, discriminator FROM users WHERE id = ?');
  userById.setReturnArrays(true);
  const customerById = statement('SELECT uuid FROM customers WHERE id = ?');
  const customerByUser = statement('SELECT uuid FROM customers WHERE guild_id = ? AND discord_id = ? AND retired = 0');
  const slotByValue = createReader(statement, bindingColumns, 'slots WHERE license_id = ? AND kind = ? AND value = ?');
  const live =
    'FROM slots WHERE license_id = ? AND kind = ? AND released_at IS NULL AND last_seen > ? AND last_seen <= ?';
  const nthLiveSlot = statement(`SELECT 1 ${live} LIMIT 1 OFFSET ?`);
  const liveSlots = statement(`SELECT ${slotNames.join(', ')} ${live}`);

  function slotsOf(license: License, now: Date): SlotReader {
    return {
      find: (kind, value) => slotByValue(license.id, kind, value),
      hasLive: (kind, count, forgetBefore) => {
        if (count === 0) return true;
        const [after, until] = seenBounds(forgetBefore, now);
        return nthLiveSlot.get(license.id, kind, after, until, count - 1) !== undefined;
      },
      live: (kind, forgetBefore) => liveSlots.all(license.id, kind, ...seenBounds(forgetBefore, now)).map(slotFromRow),
    };
  }

  const hasLicense = (guildId: string, key: string) => licenseByLookup(vault.lookup(guildId, key)) !== null;

  /** The look-up hash of the one license whose key is this but for letter case. null: there is none, or several. */
  function lookupIgnoringCase(guildId: string, key: string): Uint8Array | null {
    const keys = keysLike.all(vault.foldedKey(key), guildId) as unknown as readonly StoredKeyRow[];
    const [only, ...others] = keys.filter((row) => isStoredKey(vault, row.lookup, row.sealed_key, key));
    return only && others.length === 0 ? only.lookup : null;
  }

  /** The license with the key, and the look-up hash of its key; without a license that of the asked key. */
  function findLicense(request: CheckRequest, { guild, settings }: CheckBundle) {
    if (request.key === null) return { lookup: null, license: null };
    const lookup = vault.lookup(guild.id, request.key);
    const license = licenseByLookup(lookup);
    const ignoresCase = request.ignoresKeyCase || settings['key.ignoreCase'];
    const other = license || !ignoresCase ? null : lookupIgnoringCase(guild.id, request.key);
    return other === null ? { lookup, license } : { lookup: other, license: licenseByLookup(other) };
  }

  /** The first of several guilds that has a license with the key; where none has exactly this key, but for its case. */
  function findHolder(guildIds: readonly string[], request: CheckRequest): string | undefined {
    const { key } = request;
    if (guildIds.length === 1 || key === null) return undefined;
    const inOtherCase = (guildId: string) => {
      const bundle = cache.bundle(statement, guildId);
      return bundle !== null && findLicense(request, bundle).license !== null;
    };
    return guildIds.find((guildId) => hasLicense(guildId, key)) ?? guildIds.find(inOtherCase);
  }

  function userOf(id: string): KnownUser | null {
    const names = userById.get(id) as unknown as readonly [string, string] | undefined;
    return names ? { id, username: names[0], discriminator: names[1] } : null;
  }

  function customerIdOf({ guildId, ownerId, customerId }: License): string | null {
    if (ownerId === null) return null;
    const customer = customerId === null ? undefined : customerById.get(customerId);
    return customer ? (customer.uuid as string) : vault.customerId(guildId, ownerId);
  }

  function customerIdOfUser(guildId: string, userId: string): string {
    const customer = customerByUser.get(guildId, userId);
    return customer ? (customer.uuid as string) : vault.customerId(guildId, userId);
  }

  return {
    findGuild: (request, now) => {
      const { guildReference: reference } = request;
      const found = cache.directory.find(reference, now);
      if ('unknownGuild' in found) return found;
      const { guildIds } = found;
      // Products of several guilds may be named: the guild that has a license with this key comes first.
      const bundle = cache.bundle(statement, findHolder(guildIds, request) ?? guildIds[0]);
      return bundle ? { bundle } : { unknownGuild: reasonOfUnknownGuild[reference.by] };
    },
    snapshot: (request, bundle, now) => {
      const { lookup, license } = findLicense(request, bundle);
      const guildId = bundle.guild.id;
      const ownerId = license?.ownerId ?? null;
      return {
        now,
        bundle,
        keyHash: () => lookup && Buffer.from(lookup).toString('hex'),
        license,
        owner: () => (ownerId === null ? null : userOf(ownerId)),
        customerId: () => license && customerIdOf(license),
        helpers: () =>
          license?.helperIds.map((id) => ({ user: userOf(id), customerId: customerIdOfUser(guildId, id) })) ?? [],
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
