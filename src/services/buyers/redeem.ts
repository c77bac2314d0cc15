import type { Actor } from '../../domain/actor.ts';
import type { Bundle } from '../../domain/snapshot.ts';
import { foldKey, keyFormatOf, keyReadings } from '../../domain/values/key-format.ts';
import { keyNearMiss } from '../../domain/values/key-near-miss.ts';
import { licenseState } from '../../domain/license.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { changeLicense } from '../licenses/change-license.ts';
import { findDenyingEntry } from '../licenses/denying-entries.ts';
import { findByTypedKey, guildsWithTypedKey } from '../licenses/typed-key.ts';
import { auditEvent, roleEffects, sendKeys } from '../trail.ts';
import type { BuyerService, Redeemed } from './buyer-service.ts';
import { createWrongKeys } from './wrong-keys.ts';

type Input = Parameters<BuyerService['redeem']>[0];

/** A key that could be redeemed in a guild when it was looked up; the claim decides. */
interface Candidate {
  readonly bundle: Bundle;
  readonly key: string;
}

const wrongKey: CommandError = { code: 'wrong-key' };
const maxWrongKeys = 5;
/** No new key can be guessed by near misses, but supplied keys may have any form. */
const maxNearMisses = 30;

export function createRedeem({ storage, clock }: ServiceContext): Pick<BuyerService, 'redeem'> {
  const wrongKeys = createWrongKeys(clock, maxWrongKeys);
  const nearMisses = createWrongKeys(clock, maxNearMisses);

  async function redeem(input: Input): Promise<Result<Redeemed, CommandError>> {
    const notWrong = wrongKeys.begin(input.userId);
    if (notWrong instanceof Date) return fail({ code: 'redeem-wait', until: notWrong });
    const notNear = nearMisses.begin(input.userId);
    if (notNear instanceof Date) {
      notWrong();
      return fail({ code: 'redeem-wait', until: notNear });
    }
    const redeemed = await redeemOnce(input);
    const code = redeemed.ok ? null : redeemed.error.code;
    if (code !== 'wrong-key') notWrong();
    if (code !== 'key-near-miss') notNear();
    return redeemed;
  }

  async function redeemOnce(input: Input): Promise<Result<Redeemed, CommandError>> {
    const found = await candidates(input);
    const guilds = new Map(found.map(({ bundle: { guild } }) => [guild.id, guild]));
    if (guilds.size > 1) {
      return fail({ code: 'choose-guild', guilds: [...guilds.values()].map(({ id, name }) => ({ id, name })) });
    }
    const [candidate, ...others] = found;
    if (!candidate) return fail(await explainWrongKey(input));
    if (others.length > 0) return fail({ code: 'key-ambiguous' });
    const guildId = candidate.bundle.guild.id;
    const entry = await findDenyingEntry(storage, guildId, 'user', [input.userId], clock());
    if (entry) return fail({ code: 'user-blacklisted' });
    return claim(input.userId, candidate);
  }

  /** What is wrong with a key, by the key format of the server; of several servers it is not known which is meant. */
  async function explainWrongKey({ key, guildId }: Input): Promise<CommandError> {
    const [only, ...others] = guildId === null ? (await storage.guilds()).map(({ id }) => id) : [guildId];
    const bundle = only === undefined || others.length > 0 ? null : await storage.bundle(only);
    const nearMiss = bundle && keyNearMiss(key, keyFormatOf(bundle.settings));
    return nearMiss ? { code: 'key-near-miss', ...nearMiss } : wrongKey;
  }

  /**
   * The keys that the typed one may mean, of unclaimed licenses and those of the user. Keys of other owners and of
   * deleted licenses are left out, so that the answer does not reveal which keys exist.
   */
  async function candidates({ userId, key: text, guildId }: Input): Promise<readonly Candidate[]> {
    const folded = keyReadings(text).map(foldKey);
    const found: Candidate[] = [];
    for (const id of guildId === null ? await guildsWithTypedKey(storage, text) : [guildId]) {
      const bundle = await storage.bundle(id);
      for (const license of bundle ? await findByTypedKey(storage, id, text) : []) {
        const product = bundle?.products.byId(license.productId) ?? null;
        if (licenseState(license, product, clock()) === 'deleted' || (license.ownerId ?? userId) !== userId) continue;
        // The license may have got a new key since it was found; the typed one must not claim it then.
        const key = await storage.licenseKey(id, license.id);
        if (bundle && key !== null && folded.includes(foldKey(key))) found.push({ bundle, key });
      }
    }
    return found;
  }

  /**
   * Checks the owner again inside the change, so that of many claims at once exactly one finds the license unclaimed.
   */
  async function claim(userId: string, { bundle, key }: Candidate): Promise<Result<Redeemed, CommandError>> {
    const actor: Actor = { type: 'user', id: userId };
    const claimed = await changeLicense<Pick<Redeemed, 'outcome'>>(
      storage,
      { guildId: bundle.guild.id, ref: { key } },
      ({ license, product, now }) => {
        if (license.ownerId === userId) {
          return succeed({ next: license, audit: [], effects: roleEffects(userId), extra: { outcome: 'restored' } });
        }
        if (license.ownerId !== null) return fail(wrongKey);
        const state = licenseState(license, product, now);
        if (state === 'suspended' || state === 'expired') return fail({ code: 'not-redeemable', state });
        const next = { ...license, ownerId: userId };
        return succeed({
          next,
          // Whoever bought it, perhaps in a shop, proves with the key who they are in Discord.
          isClaim: true,
          audit: [auditEvent({ actor }, 'license.redeemed', `license:${license.id}`, { to: userId })],
          effects: [sendKeys(userId, 'redeemed', [next]), ...roleEffects(userId)],
          extra: { outcome: 'claimed' },
        });
      },
    );
    if (claimed.ok) return succeed({ ...claimed.value, guildName: bundle.guild.name });
    return claimed.error.code === 'not-redeemable' ? claimed : fail(wrongKey);
  }

  return { redeem };
}
