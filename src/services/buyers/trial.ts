import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { findDenyingEntry } from '../licenses/denying-entries.ts';
import type { LicenseService } from '../licenses/license-service.ts';
import { findProduct } from '../products/find-product.ts';
import type { BuyerService } from './buyer-service.ts';

export function createTrials(
  { storage, clock }: ServiceContext,
  licenses: Pick<LicenseService, 'issue'>,
): Pick<BuyerService, 'startTrial'> {
  return {
    startTrial: async ({ guildId, userId, product: text }) => {
      const bundle = await storage.bundle(guildId);
      if (!bundle) return fail({ code: 'guild-not-found', guildId });
      const found = findProduct(bundle, text);
      if (!found.ok) return found;
      const { id, name, trial } = found.value;
      if (trial === null) return fail({ code: 'trial-not-offered', product: name });
      const entry = await findDenyingEntry(storage, guildId, 'user', [userId], clock());
      if (entry) return fail({ code: 'user-blacklisted' });
      const issued = await licenses.issue({
        guildId,
        actor: { type: 'user', id: userId },
        // The limit of a day is for what staff make for others.
        mayManage: true,
        product: String(id),
        ownerId: userId,
        expires: trial,
        claim: `trial ${id} ${userId}`,
      });
      if (!issued.ok) return issued;
      const [made] = issued.value.issued;
      if (!made) throw new Error('No license was made.');
      const { product, furtherProducts, effectIds } = issued.value;
      return succeed({ license: made.license, product, furtherProducts, guildName: bundle.guild.name, effectIds });
    },
  };
}
