import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import type { LicenseService } from '../licenses/license-service.ts';
import type { LicenseCard } from '../licenses/license-view.ts';
import type { BuyerCard, BuyerService } from './buyer-service.ts';
import { findOwnOrHelped } from './find-owned.ts';

export function createViewLicenses(
  { storage }: ServiceContext,
  staff: Pick<LicenseService, 'card'>,
): Pick<BuyerService, 'licenses' | 'license' | 'showKey' | 'checks'> {
  const licenses: BuyerService['licenses'] = async (userId, firstGuildId, { number, size }) => {
    const all = [...(await storage.licensesOf(userId)), ...(await storage.licensesHelpedBy(userId))];
    const first = all.filter(({ guildId }) => guildId === firstGuildId);
    const others = all.filter(({ guildId }) => guildId !== firstGuildId);
    const last = Math.max(0, Math.ceil(all.length / size) - 1);
    const page = Math.min(Math.max(number, 0), last);
    const shown = [...first, ...others].slice(page * size, (page + 1) * size);
    const read = await Promise.all(shown.map(({ guildId, id }) => staff.card(guildId, id)));
    const cards = read.flatMap((card) => (isVisible(card) ? [forBuyer(card.value, userId)] : []));
    return { cards, total: all.length, page, last };
  };

  const license: BuyerService['license'] = async (owned) => {
    const found = await findOwnOrHelped(storage, owned);
    if (!found.ok) return found;
    const card = await staff.card(found.value.guildId, found.value.id);
    return isVisible(card) ? succeed(forBuyer(card.value, owned.userId)) : fail({ code: 'license-not-found' });
  };

  const showKey: BuyerService['showKey'] = async (owned) => {
    const found = await license(owned);
    if (!found.ok) return found;
    const { license: shown } = found.value;
    if (found.value.isShared && !shown.helpersSeeKey) return fail({ code: 'key-hidden' });
    const key = await storage.licenseKey(shown.guildId, shown.id);
    return key === null ? fail({ code: 'license-not-found' }) : succeed({ license: shown, key });
  };

  const checks: BuyerService['checks'] = async (owned, limit) => {
    const found = await findOwnOrHelped(storage, owned);
    if (!found.ok) return found;
    const { guildId, id } = found.value;
    return succeed(await storage.attempts(guildId, { licenseId: id }, { limit, beforeId: null }));
  };

  return { licenses, license, showKey, checks };
}

type VisibleCard = Extract<Result<LicenseCard, CommandError>, { ok: true }>;

/** Owners and helpers do not see licenses of a deleted product. */
function isVisible(card: Result<LicenseCard, CommandError>): card is VisibleCard {
  return card.ok && card.value.state !== 'deleted';
}

/** The note is for staff only. */
function forBuyer(card: LicenseCard, userId: string): BuyerCard {
  return { ...card, license: { ...card.license, note: null }, isShared: card.license.ownerId !== userId };
}
