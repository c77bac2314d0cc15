import { succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { addHelper, readHelper, removeHelper, showKeyToHelpers, type SharingEdit } from '../licenses/share-license.ts';
import type { FoundLicense } from '../licenses/change-license.ts';
import type { By } from '../context.ts';
import type { BuyerService, OwnedLicense } from './buyer-service.ts';
import { changeOwned, userActor } from './change-owned.ts';
import { findOwned } from './find-owned.ts';

type Sharing = Pick<BuyerService, 'sharing' | 'share' | 'unshare' | 'showKeyToHelpers'>;

/** Whom owners share their licenses with. */
export function createShareOwned(context: ServiceContext): Sharing {
  const { storage } = context;

  async function change(owned: OwnedLicense, edit: (by: By, found: FoundLicense) => SharingEdit) {
    const license = await findOwned(storage, owned);
    if (!license.ok) return license;
    const { guildId } = license.value;
    const by = { guildId, actor: userActor(owned) };
    return changeOwned(storage, owned, guildId, (found) => edit(by, found));
  }

  return {
    sharing: async (owned) => {
      const license = await findOwned(storage, owned);
      if (!license.ok) return license;
      const { guildId, helperIds } = license.value;
      const bundle = await storage.bundle(guildId);
      const helpers = helperIds.map(async (id) => ({ id, user: await storage.knownUser(id) }));
      return succeed({
        license: license.value,
        helpers: await Promise.all(helpers),
        max: bundle?.settings['limits.helpers'] ?? 0,
      });
    },

    share: async (input) => {
      const license = await findOwned(storage, input);
      if (!license.ok) return license;
      const helper = await readHelper(context, license.value.guildId, input.helperId);
      if (!helper.ok) return helper;
      return change(input, (by, found) => addHelper(by, helper.value, found));
    },

    unshare: (input) => change(input, (by, { license }) => removeHelper(by, input.helperId, license)),

    showKeyToHelpers: (input) => change(input, (by, { license }) => showKeyToHelpers(by, input.isShown, license)),
  };
}
