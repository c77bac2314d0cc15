import type { Bundle } from '../../domain/snapshot.ts';
import { type License, licenseState } from '../../domain/license.ts';
import { furtherProductsOf, type LicenseProducts } from '../../domain/license-products.ts';
import { effectiveForgetAfter, effectiveLimits } from '../../domain/effective-limits.ts';
import { graceEnd } from '../../domain/expiry.ts';
import { refillPoints } from '../../domain/points.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { followsHwid, placesOf } from '../../domain/slots/slot-replacement.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { AttemptQuery } from '../../storage/port/attempts.ts';
import type { LicenseQuery } from '../../storage/port/licenses.ts';
import type { Page } from '../../storage/port/page.ts';
import type { ServiceContext } from '../context.ts';
import type { LicenseRowRef, LicenseService } from './license-service.ts';
import type { LicenseCard, LicenseRow, LicenseView, LastDenial } from './license-view.ts';
import { findAddressPattern } from './address-pattern.ts';
import { findDenyingEntries, findEntryBehind } from './denying-entries.ts';
import { seenInGrants } from './last-seen.ts';
import { remedyFor } from './remedy.ts';
import { maxBindings } from './reset-license.ts';
import { findInOtherLetterCase } from './typed-key.ts';

const maxCardAttempts = 10;
/** So many machines that are in use are shown with the exact instant. */
const maxGrants = 25;

export interface ShowLicense extends Pick<
  LicenseService,
  'row' | 'view' | 'card' | 'lastActiveAt' | 'deniedBy' | 'list' | 'count' | 'idAt'
> {
  readonly rows: (licenses: readonly License[], bundle: Bundle) => Promise<readonly LicenseRow[]>;
}

/** A license with its effective limits and state; the owner's name is for the caller to add. */
export function rowOf(
  { license, product, furtherProducts }: LicenseProducts,
  settings: Settings,
  now: Date,
): LicenseRow {
  return {
    license,
    product,
    furtherProducts,
    state: licenseState(license, product, now),
    graceUntil: graceEnd(license.expiresAt, product.graceDays, now),
    limits: effectiveLimits(license, product, settings),
    forgetAfter: effectiveForgetAfter(license, settings),
    points: refillPoints(license.points, now),
    owner: null,
  };
}

export function createShowLicense({ storage, clock }: ServiceContext): ShowLicense {
  /** Licenses as lists show them, without those of purged products. */
  async function rows(licenses: readonly License[], bundle: Bundle): Promise<readonly LicenseRow[]> {
    const ids = [...new Set(licenses.map(({ ownerId }) => ownerId).filter((id) => id !== null))];
    const owners = new Map(await Promise.all(ids.map(async (id) => [id, await storage.knownUser(id)] as const)));
    return licenses.flatMap((license) => {
      const product = bundle.products.byId(license.productId);
      if (!product) return [];
      const owner = license.ownerId === null ? null : (owners.get(license.ownerId) ?? null);
      const furtherProducts = furtherProductsOf(license, bundle.products);
      return [{ ...rowOf({ license, product, furtherProducts }, bundle.settings, clock()), owner }];
    });
  }

  async function row(guildId: string, ref: LicenseRowRef): Promise<Result<LicenseRow, CommandError>> {
    const [bundle, exact] = await Promise.all([storage.bundle(guildId), storage.license(guildId, ref)]);
    const ignoresCase = 'key' in ref && ref.ignoresCase && exact?.deletedAt !== null;
    const license = ignoresCase ? await findInOtherLetterCase(storage, guildId, ref.key) : exact;
    const [found] = bundle && license ? await rows([license], bundle) : [];
    return found && found.state !== 'deleted' ? succeed(found) : fail({ code: 'license-not-found' });
  }

  async function read(guildId: string, licenseId: number): Promise<{ bundle: Bundle; view: LicenseView } | null> {
    const [bundle, license, { bindings, counts }, grants, active] = await Promise.all([
      storage.bundle(guildId),
      storage.license(guildId, { id: licenseId }),
      storage.bindings(guildId, licenseId, maxBindings),
      storage.attempts(guildId, { licenseId, result: 'granted', quiet: true }, { limit: maxGrants, beforeId: null }),
      lastActiveAt(guildId, licenseId),
    ]);
    const [row] = bundle && license ? await rows([license], bundle) : [];
    if (!bundle || !row) return null;
    const { ownerId } = row.license;
    const customerId = ownerId === null ? null : await storage.customerId(guildId, ownerId);
    const addresses = bindings.filter(({ kind }) => kind === 'ip');
    const isFollowing = row.limits.ip !== null && followsHwid('ip', bundle.settings);
    const sharedAddresses = isFollowing ? addresses.length - placesOf(addresses, clock()).length : 0;
    const seen = {
      bindings: seenInGrants(bindings, grants),
      bindingCounts: counts,
      sharedAddresses,
      lastActiveAt: active,
    };
    return { bundle, view: { ...row, ...seen, customerId } };
  }

  /** It is read when it is shown, because a check that wrote it would write the license each time. */
  const lastActiveAt: ShowLicense['lastActiveAt'] = async (guildId, licenseId) => {
    const [last] = await storage.attempts(guildId, { licenseId, quiet: true }, { limit: 1, beforeId: null });
    return last ? new Date(Math.floor(last.at.getTime() / minuteMs) * minuteMs) : null;
  };

  async function view(guildId: string, licenseId: number): Promise<Result<LicenseView, CommandError>> {
    const found = await read(guildId, licenseId);
    return found ? succeed(found.view) : fail({ code: 'license-not-found' });
  }

  async function card(guildId: string, licenseId: number): Promise<Result<LicenseCard, CommandError>> {
    const found = await read(guildId, licenseId);
    if (!found) return fail({ code: 'license-not-found' });
    const newest = (limit: number, query: AttemptQuery) =>
      storage.attempts(guildId, { ...query, licenseId }, { limit, beforeId: null });
    const [attempts, [lastGrant = null], [lastDenied]] = await Promise.all([
      newest(maxCardAttempts, {}),
      newest(1, { result: 'granted' }),
      newest(1, { result: 'denied' }),
    ]);
    const addressPattern = lastDenied ? await findAddressPattern(storage, guildId, licenseId, clock()) : null;
    const deniedBy = await findDenyingEntries(storage, {
      view: found.view,
      lastUse: lastGrant ?? lastDenied ?? null,
      now: clock(),
    });
    const isDenied = lastDenied && (lastGrant === null || lastDenied.id > lastGrant.id);
    const lastDenial = isDenied ? await denialOf(lastDenied, found) : null;
    const { name: guildName } = found.bundle.guild;
    return succeed({ ...found.view, guildName, attempts, lastGrant, lastDenial, addressPattern, deniedBy });
  }

  const deniedBy: ShowLicense['deniedBy'] = async (guildId, licenseId) => {
    const found = await card(guildId, licenseId);
    return found.ok ? found.value.deniedBy : [];
  };

  async function denialOf(
    attempt: LastDenial['attempt'],
    found: { bundle: Bundle; view: LicenseView },
  ): Promise<LastDenial> {
    const now = clock();
    const entry = await findEntryBehind(storage, attempt, found.view.license, now);
    return { attempt, remedy: remedyFor(attempt, { ...found, entry, now }) };
  }

  async function list(guildId: string, query: LicenseQuery, page: Page): Promise<readonly LicenseRow[]> {
    const bundle = await storage.bundle(guildId);
    return bundle ? rows(await storage.licenses(guildId, query, page), bundle) : [];
  }

  const count = (guildId: string, query: LicenseQuery) => storage.countLicensesBy(guildId, query);

  const idAt = (guildId: string, query: LicenseQuery, position: number) =>
    storage.licenseIdAt(guildId, query, position);

  return { rows, row, view, card, lastActiveAt, deniedBy, list, count, idAt };
}
