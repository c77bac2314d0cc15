import { blacklistTypeNames, describeDenyingEntry } from '../texts/denying-entry.ts';
import { maskKey } from '../domain/values/key-format.ts';
import type { Hold } from '../domain/hold.ts';
import { holdCauses } from '../texts/holds.ts';
import type { License } from '../domain/license.ts';
import { bindingKinds, type ForgetAfter, type Limit, type Limits } from '../domain/limits.ts';
import { effectiveFeatures } from '../domain/values/features.ts';
import { refillText } from '../domain/parse-points.ts';
import type { ValidationPoints } from '../domain/points.ts';
import type { LicenseRow, LicenseView } from '../services/licenses/license-view.ts';
import { describeFurther } from '../texts/product-names.ts';
import { describeDays, describeMinutes } from '../texts/count.ts';
import type { StoreCall } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { card, moment } from './framework/format.ts';

/**
 * The license that the text names, by default the first argument, or `--order` instead. Ends the command where there is
 * none or more than one.
 */
export async function findLicense(call: StoreCall, key = call.argument(0)): Promise<License> {
  const { id: guildId } = await call.findGuild();
  const { licenses } = call.services;
  const order = call.text('order');
  return unwrap(
    await (key === '' && order !== undefined ? licenses.resolveOrder(guildId, order) : licenses.resolve(guildId, key)),
  );
}

/** Warns of the blacklist entries that deny the license's checks. */
export async function warnOfDenyingEntries(call: StoreCall, { guildId, id }: License): Promise<void> {
  for (const one of await call.services.licenses.deniedBy(guildId, id)) {
    call.warn(describeDenyingEntry(one, ({ type, value }) => `${blacklistTypeNames[type]} ${value}`));
  }
}

/** A license for people. */
export function licenseCard(row: LicenseRow | LicenseView, key: string | null): string {
  const { license, product, state, graceUntil, limits, forgetAfter, points } = row;
  const head = card(`License ${license.id}: ${product.name}, ${state}`, [
    ['Key', key ?? maskKey(license.keySuffix)],
    ['Also for', describeFurther(row)],
    ['Name', license.name],
    ['Owner', ownerText(row)],
    ['Suspended', license.holds.map(holdText).join('; ') || null],
    ['Expires', expiryText(license)],
    ['Grace until', graceUntil === null ? null : moment(graceUntil)],
    ['Limits', limitsText(limits)],
    ['Forgotten', forgetText(forgetAfter)],
    ['Shared with', license.helperIds.join(', ') || null],
    ['Scope', license.scope],
    ['Features', effectiveFeatures(license, product).join(', ') || null],
    ['Points', pointsText(points)],
    ['Customer', license.customerId === null ? null : String(license.customerId)],
    ['Customer UUID', 'customerId' in row ? row.customerId : null],
    ['Staff license', license.staff ? 'passes every product and version' : null],
    ['Order', license.order],
    ...license.metadata.map(({ key: name, value }) => [name, value] as const),
    ['Note', license.note],
    ['Made', moment(license.createdAt)],
    ['Changed', license.revision === 1 ? null : moment(license.updatedAt)],
    ['Last active', 'lastActiveAt' in row ? lastActiveText(row) : null],
    ['UUID', license.uuid],
  ]);
  return 'bindings' in row ? [head, ...machineCards(row)].join('\n') : head;
}

export function expiryText({ expiry, expiresAt }: License): string {
  if (expiresAt !== null) return moment(expiresAt);
  return expiry.type === 'duration' ? `${describeDays(expiry.days)} after its first use` : 'never';
}

function lastActiveText({ lastActiveAt }: LicenseView): string {
  return lastActiveAt === null ? 'never' : moment(lastActiveAt);
}

function holdText({ kind, at, reason }: Hold): string {
  return `${holdCauses[kind]}, since ${moment(at)}${reason === null ? '' : `: ${reason}`}`;
}

function ownerText({ license, owner }: LicenseRow): string {
  if (license.ownerId === null) return 'nobody yet';
  return owner ? `${license.ownerId} (${owner.username})` : license.ownerId;
}

function limitsText(limits: Limits): string {
  const text = (limit: Limit) => (limit === null ? 'unlimited' : String(limit));
  return bindingKinds.map((kind) => `${kind.toUpperCase()} ${text(limits[kind])}`).join(', ');
}

/** null: never, whatever the kind. */
function forgetText(forgetAfter: Readonly<Record<(typeof bindingKinds)[number], ForgetAfter>>): string | null {
  const kinds = bindingKinds.filter((kind) => forgetAfter[kind] !== null);
  if (kinds.length === 0) return null;
  return kinds
    .map((kind) => `${kind.toUpperCase()} after ${describeMinutes(forgetAfter[kind] ?? 0)} unseen`)
    .join(', ');
}

/** null: they are not counted. */
function pointsText({ left, limit, amount, interval }: ValidationPoints): string | null {
  if (left === null) return null;
  const refill = refillText({ amount, interval });
  return `${left}${limit === null ? '' : ` of ${limit}`}${refill === 'none' ? '' : `, ${refill} come back`}`;
}

function machineCards({ bindings, bindingCounts, sharedAddresses, limits }: LicenseView): string[] {
  return bindingKinds.flatMap((kind) => {
    const own = bindings.filter((binding) => binding.kind === kind);
    if (own.length === 0) return [];
    const limit = limits[kind] === null ? '' : ` of ${String(limits[kind])}`;
    const taken = bindingCounts[kind] - (kind === 'ip' ? sharedAddresses : 0);
    const title = `${kind.toUpperCase()}s: ${taken.toLocaleString('en')}${limit}`;
    return card(
      title,
      own.slice(0, 20).map(({ value, lastSeenAt }) => [value, `last seen ${moment(lastSeenAt)}`]),
    );
  });
}
