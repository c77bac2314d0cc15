import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import type { ServiceContext } from '../context.ts';
import type { LicenseService } from '../licenses/license-service.ts';
import type { LicenseCard } from '../licenses/license-view.ts';
import type { BuyerService } from './buyer-service.ts';
import { findOwned } from './find-owned.ts';

type Seeing = 'licenses' | 'license' | 'showKey' | 'checks';

export function createViewLicenses(
  { storage }: ServiceContext,
  staff: Pick<LicenseService, 'card'>,
): Pick<BuyerService, Seeing> {
  const licenses: BuyerService['licenses'] = async (userId, firstGuildId) => {
    const own = await storage.licensesOf(userId);
    const first = own.filter(({ guildId }) => guildId === firstGuildId);
    const others = own.filter(({ guildId }) => guildId !== firstGuildId);
    const cards = await Promise.all([...first, ...others].map(({ guildId, id }) => staff.card(guildId, id)));
    return cards.flatMap((card) => (isShown(card) ? [withoutNote(card.value)] : []));
  };

  const license: BuyerService['license'] = async (own) => {
    const found = await findOwned(storage, own);
    if (!found.ok) return found;
    const card = await staff.card(found.value.guildId, found.value.id);
    return isShown(card) ? succeed(withoutNote(card.value)) : fail({ code: 'license-not-found' });
  };

  const showKey: BuyerService['showKey'] = async (own) => {
    const found = await license(own);
    if (!found.ok) return found;
    const key = await storage.licenseKey(found.value.license.guildId, own.licenseId);
    return key === null ? fail({ code: 'license-not-found' }) : succeed({ license: found.value.license, key });
  };

  const checks: BuyerService['checks'] = async (own, limit) => {
    const found = await findOwned(storage, own);
    if (!found.ok) return found;
    const { guildId, id } = found.value;
    return succeed(await storage.attempts(guildId, { licenseId: id }, { limit, beforeId: null }));
  };

  return { licenses, license, showKey, checks };
}

type Shown = Extract<Result<LicenseCard, CommandError>, { ok: true }>;

/** Licenses of a deleted product are gone for their owner. */
function isShown(card: Result<LicenseCard, CommandError>): card is Shown {
  return card.ok && card.value.state !== 'deleted';
}

/** The note is for staff only. */
function withoutNote(card: LicenseCard): LicenseCard {
  return { ...card, license: { ...card.license, note: null } };
}
