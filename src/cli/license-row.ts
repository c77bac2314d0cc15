import type { Binding } from '../domain/binding.ts';
import type { Expiry } from '../domain/expiry.ts';
import { maskKey } from '../domain/key-format.ts';
import { type License, licenseState } from '../domain/license.ts';
import { bindingKinds, effectiveLimits, type Limit, type Limits } from '../domain/limits.ts';
import type { Product } from '../domain/product.ts';
import type { Settings } from '../domain/settings.ts';
import type { LicenseRow, LicenseView } from '../services/licenses/license-view.ts';
import type { Call } from './command.ts';
import { unwrap } from './failures.ts';
import { card, instantJson, moment } from './text.ts';

/** The license that a typed text means. */
export async function findLicense(call: Call, text: string): Promise<License> {
  return unwrap(await call.services.licenses.resolve((await call.guild()).id, text));
}

export function rowOf(license: License, product: Product, settings: Settings, now: Date): LicenseRow {
  const limits = effectiveLimits(license, product, settings);
  return { license, product, state: licenseState(license, product, now), limits, owner: null };
}

/** A license as `--json` prints it. Without its whole key the key is masked. */
export function licenseJson(row: LicenseRow | LicenseView, key: string | null): object {
  const { license, product, state, limits } = row;
  return {
    id: license.id,
    key: key ?? maskKey(license.keyTail),
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
  const { license, product, state, limits } = row;
  const head = card(`License ${license.id}: ${product.name}, ${state}`, [
    ['Key', key ?? maskKey(license.keyTail)],
    ['Name', license.name],
    ['Owner', ownerText(row)],
    ['Suspended', license.suspension?.reason ?? null],
    ['Expires', expiryText(license)],
    ['Limits', limitsText(limits)],
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
