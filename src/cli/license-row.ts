import type { Binding } from '../domain/binding.ts';
import type { Expiry } from '../domain/expiry.ts';
import { maskKey } from '../domain/key-format.ts';
import type { License } from '../domain/license.ts';
import { bindingKinds, type ForgetAfter, type Limit, type Limits } from '../domain/limits.ts';
import { refillText } from '../domain/parse-points.ts';
import type { ValidationPoints } from '../domain/points.ts';
import type { LicenseRow, LicenseView } from '../services/licenses/license-view.ts';
import type { StoreCall } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { card, instantJson, moment } from './framework/format.ts';

/** The license that a typed key or id names; ends the command where there is none. */
export async function findLicense(call: StoreCall, text: string): Promise<License> {
  return unwrap(await call.services.licenses.resolve((await call.findGuild()).id, text));
}

/** A license as `--json` prints it. Without its whole key the key is masked. */
export function licenseJson(row: LicenseRow | LicenseView, key: string | null): object {
  const { license, product, state, limits, forgetAfter, points } = row;
  return {
    id: license.id,
    key: key ?? maskKey(license.keySuffix),
    name: license.name,
    product: { id: product.id, name: product.name },
    owner: license.ownerId,
    state,
    staff: license.staff,
    expiry: expiryJson(license.expiry),
    expiresAt: instantJson(license.expiresAt),
    limits: { ip: limits.ip, hwid: limits.hwid, mac: limits.mac },
    ...('bindings' in row ? bindingsJson(row) : {}),
    note: license.note,
    order: license.order,
    createdAt: instantJson(license.createdAt),
    scope: license.scope,
    points: { left: points.left, limit: points.limit, amount: points.amount, interval: points.interval },
    forgetAfter: { ip: forgetAfter.ip, hwid: forgetAfter.hwid, mac: forgetAfter.mac },
    ...('customerId' in row ? { customerId: row.customerId } : {}),
  };
}

function expiryJson(expiry: Expiry): object {
  const isDuration = expiry.type === 'duration';
  return { type: expiry.type, start: isDuration ? expiry.start : null, days: isDuration ? expiry.days : null };
}

function bindingsJson({ bindings, bindingCounts }: LicenseView): object {
  const ofKind = (kind: Binding['kind']) =>
    bindings
      .filter((binding) => binding.kind === kind)
      .map(({ value, firstSeenAt, lastSeenAt }) => ({
        value,
        firstSeenAt: instantJson(firstSeenAt),
        lastSeenAt: instantJson(lastSeenAt),
      }));
  return {
    bindings: { ip: ofKind('ip'), hwid: ofKind('hwid'), mac: ofKind('mac') },
    bindingCounts: { ip: bindingCounts.ip, hwid: bindingCounts.hwid, mac: bindingCounts.mac },
  };
}

/** A license for people. */
export function licenseCard(row: LicenseRow | LicenseView, key: string | null): string {
  const { license, product, state, limits, forgetAfter, points } = row;
  const head = card(`License ${license.id}: ${product.name}, ${state}`, [
    ['Key', key ?? maskKey(license.keySuffix)],
    ['Name', license.name],
    ['Owner', ownerText(row)],
    ['Suspended', license.suspension?.reason ?? null],
    ['Expires', expiryText(license)],
    ['Limits', limitsText(limits)],
    ['Forgotten', forgetText(forgetAfter)],
    ['Scope', license.scope],
    ['Points', pointsText(points)],
    ['Customer', 'customerId' in row ? row.customerId : null],
    ['Staff license', license.staff ? 'passes every product and version' : null],
    ['Order', license.order],
    ['Note', license.note],
    ['Made', moment(license.createdAt)],
  ]);
  return 'bindings' in row ? [head, ...machineCards(row)].join('\n') : head;
}

export function expiryText({ expiry, expiresAt }: License): string {
  if (expiresAt !== null) return moment(expiresAt);
  return expiry.type === 'duration' ? `${String(expiry.days)} days after its first use` : 'never';
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
  return kinds.map((kind) => `${kind.toUpperCase()} after ${String(forgetAfter[kind])} minutes unseen`).join(', ');
}

/** null: they are not counted. */
function pointsText({ left, limit, amount, interval }: ValidationPoints): string | null {
  if (left === null) return null;
  const refill = refillText({ amount, interval });
  return `${left}${limit === null ? '' : ` of ${limit}`}${refill === 'none' ? '' : `, ${refill} come back`}`;
}

function machineCards({ bindings, bindingCounts, limits }: LicenseView): string[] {
  return bindingKinds.flatMap((kind) => {
    const own = bindings.filter((binding) => binding.kind === kind);
    if (own.length === 0) return [];
    const limit = limits[kind] === null ? '' : ` of ${String(limits[kind])}`;
    const title = `${kind.toUpperCase()}s: ${bindingCounts[kind].toLocaleString('en')}${limit}`;
    return card(
      title,
      own.slice(0, 20).map(({ value, lastSeenAt }) => [value, `last seen ${moment(lastSeenAt)}`]),
    );
  });
}
