import type { License } from '../../../domain/license.ts';
import { conflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import { ensureDocument } from '../customers/ensure.ts';
import { currentRecord } from '../customers/find.ts';

type Belonging = Pick<License, 'ownerId' | 'customerId'>;

const nobody: Belonging = { ownerId: null, customerId: null };

/** Whom a license belongs to that is new, or changed from `current`. See `LicenseChange`. */
export async function belongingOf(
  store: MongoStore,
  guildId: string,
  { ownerId, customerId }: Belonging,
  current: Belonging = nobody,
): Promise<Belonging | typeof conflict> {
  const isCustomerNamed = customerId !== current.customerId;
  if (ownerId === current.ownerId && !isCustomerNamed) return { ownerId, customerId };
  if (ownerId !== null && ownerId !== current.ownerId) {
    const customer = await ensureDocument(store, guildId, ownerId);
    return customer === conflict ? conflict : { ownerId, customerId: customer._id };
  }
  if (customerId === null || !isCustomerNamed) return nobody;
  const customer = await currentRecord(store, customerId);
  if (customer?.guildId !== guildId) throw new Error(`No customer ${customerId} in guild ${guildId}.`);
  return { ownerId: customer.discordId, customerId: customer._id };
}

/** Whom the licenses of one batch belong to, in their order. Those of one owner are looked up once. */
export async function belongingsOf(
  store: MongoStore,
  guildId: string,
  licenses: readonly Belonging[],
): Promise<readonly Belonging[] | typeof conflict> {
  const found = new Map<string, Belonging>();
  const belongings: Belonging[] = [];
  for (const { ownerId, customerId } of licenses) {
    const name = `${ownerId} ${customerId}`;
    const belonging = found.get(name) ?? (await belongingOf(store, guildId, { ownerId, customerId }));
    if (belonging === conflict) return conflict;
    found.set(name, belonging);
    belongings.push(belonging);
  }
  return belongings;
}
