import { describeCommandError } from '../texts/command-errors.ts';
import type { LicenseChanged } from '../../services/licenses/license-service.ts';
import { findHold } from '../../domain/hold.ts';
import type { Reply } from '../framework/reply.ts';
import { changeReply } from '../framework/change-reply.ts';
import type { GuildContext } from '../framework/command-context.ts';
import type { NotificationChoice } from '../options/notification-options.ts';
import type { Card } from '../framework/embed.ts';
import { escapeText } from '../texts/escape-text.ts';
import { licenseName } from '../texts/licenses.ts';
import { undoButton } from '../framework/undo.ts';

/** *Undo* under a suspension. State: license id, instant in base-36 ms, 1 where the owner was not notified. */
export const undoSuspensionHandler = 'license-suspend-undo';

/** Suspends a license and reports it, with *Undo*. */
export async function suspendLicense(
  context: GuildContext,
  licenseId: number,
  notification: NotificationChoice,
): Promise<Reply | string> {
  const done = await context.services.licenses.suspend({ ...context.by, ...notification, licenseId });
  if (!done.ok) return describeCommandError(done.error);
  const at = findHold(done.value.license.holds, 'staff')?.at.getTime() ?? 0;
  const undo = undoButton(context, undoSuspensionHandler, [licenseId, at.toString(36), notification.silent ? 1 : 0]);
  return changeReply(context, done.value.effectIds, describeSuspended(done.value), { buttons: [undo] });
}

export function describeSuspended(changed: LicenseChanged): Card {
  const reason = findHold(changed.license.holds, 'staff')?.reason ?? null;
  return {
    title: 'License suspended',
    lines: [
      `${licenseName(changed)} is refused from the next check on, until you resume it.`,
      ...(reason === null ? [] : [`Reason: ${escapeText(reason, 500)}`]),
    ],
    tone: 'warning',
  };
}
