import { maxMetadataEntries } from '../../domain/values/metadata.ts';
import type { Vault } from '../vault.ts';
import { type Merge, mergedFields, openEmail, sealEmail, type StoredCustomer } from './stored-customer.ts';

/**
 * The record with everything that it lacks and the other one has. What both have stays as it is here; a UUID that was
 * supplied counts more than one that was not, because programs that customers run may know it.
 */
export function absorb(vault: Vault, into: StoredCustomer, from: StoredCustomer, now: Date): StoredCustomer {
  const has = { discordId: into.discordId, email: into.emailHash, username: into.username, fullName: into.fullName };
  const gives = { discordId: from.discordId, email: from.emailHash, username: from.username, fullName: from.fullName };
  const fields = mergedFields.filter((field) => has[field] === null && gives[field] !== null);
  const isUuidTaken = from.uuidSupplied && !into.uuidSupplied;
  const known = new Set(into.metadata.map(({ key }) => key));
  const metadata = from.metadata
    .filter(({ key }) => !known.has(key))
    .slice(0, Math.max(maxMetadataEntries - into.metadata.length, 0));
  const merge: Merge = {
    id: from.id,
    uuidBefore: isUuidTaken ? into.uuid : null,
    fields,
    metadataKeys: metadata.map(({ key }) => key),
    identities: from.identities,
  };
  return {
    ...into,
    discordId: into.discordId ?? from.discordId,
    username: into.username ?? from.username,
    fullName: into.fullName ?? from.fullName,
    ...(fields.includes('email') && sealEmail(vault, into, openEmail(vault, from))),
    ...(isUuidTaken && { uuid: from.uuid, uuidSupplied: true }),
    identities: [...into.identities, ...from.identities],
    metadata: [...into.metadata, ...metadata],
    merges: [...into.merges, merge],
    updatedAt: now,
    revision: into.revision + 1,
  };
}

/** The record without what it has from `from`. What was changed since the merge stays. */
export function giveBack(into: StoredCustomer, from: StoredCustomer, now: Date): StoredCustomer {
  const merge = into.merges.find(({ id }) => id === from.id);
  if (!merge) return into;
  const isGiven = (field: Merge['fields'][number], isSame: boolean) => merge.fields.includes(field) && isSame;
  const isOf = (one: StoredCustomer['identities'][number]) =>
    merge.identities.some(({ system, id }) => system === one.system && id === one.id);
  const isTheirs = ({ key, value }: StoredCustomer['metadata'][number]) =>
    merge.metadataKeys.includes(key) && from.metadata.some((entry) => entry.key === key && entry.value === value);
  return {
    ...into,
    ...(isGiven('discordId', into.discordId === from.discordId) && { discordId: null }),
    ...(isGiven('email', into.emailHash === from.emailHash) && { sealedEmail: null, emailHash: null }),
    ...(isGiven('username', into.username === from.username) && { username: null }),
    ...(isGiven('fullName', into.fullName === from.fullName) && { fullName: null }),
    ...(merge.uuidBefore !== null && into.uuid === from.uuid && { uuid: merge.uuidBefore, uuidSupplied: false }),
    identities: into.identities.filter((identity) => !isOf(identity)),
    metadata: into.metadata.filter((entry) => !isTheirs(entry)),
    merges: into.merges.filter(({ id }) => id !== from.id),
    updatedAt: now,
    revision: into.revision + 1,
  };
}
