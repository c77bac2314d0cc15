import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import type { LicenseService } from '../licenses/license-service.ts';
import type { LicenseCard } from '../licenses/license-view.ts';
import type { BuyerService } from './buyer-service.ts';
import { findOwned } from './find-owned.ts';

export function createViewLicenses(
  { storage }: ServiceContext,
  staff: Pick<LicenseService, 'card'>,
): Pick<BuyerService, 'licenses' | 'license' | 'showKey' | 'checks'> {
  const licenses: BuyerService['licenses'] = async (userId, firstGuildId, { number, size }) => {
    const owned = await storage.licensesOf(userId);
    const first = owned.filter(({ guildId }) => guildId === firstGuildId);
    const others = owned.filter(({ guildId }) => guildId !== firstGuildId);
    const last = Math.max(0, Math.ceil(owned.length / size) - 1);
    const page = Math.min(Math.max(number, 0), last);
    const shown = [...first, ...others].slice(page * size, (page + 1) * size);
    const read = await Promise.all(shown.map(({ guildId, id }) => staff.card(guildId, id)));
    const cards = read.flatMap((card) => (isVisible(card) ? [withoutNote(card.value)] : []));
    return { cards, total: owned.length, page, last };
  };

  const license: BuyerService['license'] = async (owned) => {
    const found = await findOwned(storage, owned);
    if (!found.ok) return found;
    const card = await staff.card(found.value.guildId, found.value.id);
    return isVisible(card) ? succeed(withoutNote(card.value)) : fail({ code: 'license-not-found' });
  };

  const showKey: BuyerService['showKey'] = async (owned) => {
    const found = await license(owned);
    if (!found.ok) return found;
    const key = await storage.licenseKey(found.value.license.guildId, owned.licenseId);
    return key === null ? fail({ code: 'license-not-found' }) : succeed({ license: found.value.license, key });
  };

  const checks: BuyerService['checks'] = async (owned, limit) => {
    const found = await findOwned(storage, owned);
    if (!found.ok) return found;
    const { guildId, id } = found.value;
    return succeed(await storage.attempts(guildId, { licenseId: id }, { limit, beforeId: null }));
  };

  return { licenses, license, showKey, checks };
}

type VisibleCard = Extract<Result<LicenseCard, CommandError>, { ok: true }>;

/** Owners do not see licenses of a deleted product. */
function isVisible(card: Result<LicenseCard, CommandError>): card is VisibleCard {
  return card.ok && card.value.state !== 'deleted';
}

/** The note is for staff only. */
function withoutNote(card: LicenseCard): LicenseCard {
  return { ...card, license: { ...card.license, note: null } };
}
