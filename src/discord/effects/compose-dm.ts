import type { Notice, StoredEffect } from '../../domain/effect.ts';
import { isExpired } from '../../domain/expiry.ts';
import { findHold, type Hold, type HoldKind } from '../../domain/hold.ts';
import type { License } from '../../domain/license.ts';
import { furtherProductsOf } from '../../domain/license-products.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { Reply } from '../framework/reply.ts';
import { button, linkButton, row } from '../framework/components.ts';
import { encodeCustomId, type Sign } from '../framework/custom-id.ts';
import { handlerNames } from '../framework/handler-names.ts';
import { describeKeyDm, describeNotices, keysOnly, type DmLicense, type DmNotice } from '../texts/direct-message.ts';
import { type DmRun, messageOf } from './dm-runs.ts';

export interface ComposeParts {
  readonly storage: Pick<Storage, 'bundle' | 'license' | 'licenseKey'>;
  readonly sign: Sign;
  readonly clock: () => Date;
}

/** The messages of a run as the licenses are now; empty where nothing is left to notify about. */
export async function composeDm({ storage, sign, clock }: ComposeParts, run: DmRun): Promise<readonly Reply[]> {
  const bundle = await storage.bundle(run.guildId);
  if (!bundle) return [];
  const context = { guildName: bundle.guild.name, settings: bundle.settings, now: clock() };

  async function find(licenseId: number): Promise<DmLicense | null> {
    const license = await storage.license(run.guildId, { id: licenseId });
    const product = license && bundle?.products.byId(license.productId);
    if (!bundle || !license || !product) return null;
    return { license, product, furtherProducts: furtherProductsOf(license, bundle.products) };
  }

  async function composeKeys(stored: StoredEffect): Promise<readonly Reply[]> {
    const message = messageOf(stored);
    if (message.type !== 'keys') return [];
    const found = await Promise.all(message.licenseIds.map(find));
    // A license that was reassigned or deleted in the meantime is not this user's any more, and neither is its key.
    const theirs = found.filter((one) => one !== null && one.license.ownerId === run.userId && !one.license.deletedAt);
    const licenses = theirs.filter((one) => one !== null);
    const [first] = licenses;
    if (!first) return [];
    const keys = [];
    for (const { license, product } of licenses) {
      const key = await storage.licenseKey(run.guildId, license.id);
      if (key !== null) keys.push({ key, product: product.name });
    }
    const guide = first.product.url;
    const buttons = row(
      button(id(run.userId, handlerNames.myLicenses), 'My licenses', 'primary'),
      guide === null ? button(id(run.userId, handlerNames.guide), 'Guide') : linkButton(guide, 'Guide'),
    );
    return [describeKeyDm(message.why, context, licenses, [buttons]), keysOnly(keys)];
  }

  async function composeNotices(): Promise<readonly Reply[]> {
    const notices: DmNotice[] = [];
    for (const stored of run.effects) {
      const notice = messageOf(stored);
      const found = notice.type === 'keys' ? null : await find(notice.licenseId);
      if (notice.type === 'keys' || !found) continue;
      // The license may have been reassigned, or given back, in the meantime.
      if (isStillFor(notice.type, found.license, run.userId)) notices.push({ ...found, notice });
    }
    const stillTrue = withoutUndone(notices).filter(({ notice, license }) => isStillTrue(notice, license, clock()));
    const buttons = row(button(id(run.userId, handlerNames.myLicenses), 'My licenses'));
    return stillTrue.length === 0 ? [] : [describeNotices(context, stillTrue, [buttons])];
  }

  const id = (userId: string, handler: string) => encodeCustomId({ handler, userId, until: null, state: [] }, sign);
  const [first] = run.effects;
  return run.carriesKeys && first ? composeKeys(run.effects.find(isRekeyed) ?? first) : composeNotices();
}

/** Of several reasons to send a key, that it is a new one is what its owner must know. */
function isRekeyed(stored: StoredEffect): boolean {
  const message = messageOf(stored);
  return message.type === 'keys' && message.why === 'rekeyed';
}

const undoes: Partial<Record<Notice['type'], Notice['type']>> = {
  resumed: 'suspended',
  restored: 'deleted',
  unshared: 'shared',
  'reset-undone': 'reset',
};

/** Leaves out what was undone before its owner was notified of it, and the undoing. */
function withoutUndone(notices: readonly DmNotice[]): readonly DmNotice[] {
  const kept: DmNotice[] = [];
  for (const one of notices) {
    const undone = undoes[one.notice.type];
    const at = kept.findLastIndex(
      ({ notice, license }) =>
        license.id === one.license.id && notice.type === undone && holdOf(notice) === holdOf(one.notice),
    );
    if (at < 0) kept.push(one);
    else kept.splice(at, 1);
  }
  return kept;
}

/** Whether a notice still concerns the user: what has come to them is theirs, and what was taken from them is not. */
function isStillFor(type: Notice['type'], { ownerId, helperIds }: License, userId: string): boolean {
  if (type === 'shared') return helperIds.includes(userId);
  if (type === 'unshared') return ownerId !== userId && !helperIds.includes(userId);
  return (ownerId === userId) !== (type === 'taken-away');
}

/** The hold that a message is about; of a message of an older version, which knew one suspension, undefined. */
function holdOf(notice: Notice): HoldKind | undefined {
  return notice.type === 'suspended' || notice.type === 'resumed' ? notice.hold : undefined;
}

/** A DM may be sent long after the change, and the license may have changed again without a notice. */
function isStillTrue(notice: Notice, { holds, deletedAt, expiresAt }: License, now: Date): boolean {
  switch (notice.type) {
    case 'suspended':
      return hasHold(holds, notice.hold);
    case 'resumed':
      return !hasHold(holds, notice.hold);
    case 'deleted':
      return deletedAt !== null;
    case 'restored':
    case 'shared':
      return deletedAt === null;
    case 'expired':
      return isExpired(expiresAt, now);
    case 'reset':
    case 'reset-undone':
    case 'extended':
    case 'taken-away':
    case 'unshared':
      return true;
  }
}

/** Undefined: any hold. */
function hasHold(holds: readonly Hold[], kind: HoldKind | undefined): boolean {
  return kind === undefined ? holds.length > 0 : findHold(holds, kind) !== null;
}
