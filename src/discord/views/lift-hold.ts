import { z } from 'zod';
import { type Hold, type HoldKind, holdKinds } from '../../domain/hold.ts';
import type { License } from '../../domain/license.ts';
import type { LicenseChanged } from '../../services/licenses/license-service.ts';
import { describeCauses, holdCauses, holdNames } from '../../texts/holds.ts';
import { changeReply } from '../framework/change-reply.ts';
import type { ComponentHandler } from '../framework/command.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { button, row } from '../framework/components.ts';
import { type Card, embed } from '../framework/embed.ts';
import type { Reply, Row } from '../framework/reply.ts';
import { undoButton } from '../framework/undo.ts';
import type { NotificationChoice } from '../options/notification-options.ts';
import { describeCommandError } from '../texts/command-errors.ts';
import { describeState, licenseName } from '../texts/licenses.ts';

const liftHandler = 'license-lift';
const undoHandler = 'license-lift-undo';
const buttonsPerRow = 5;

const liftedSchema = z.object({
  licenseId: z.number(),
  silent: z.boolean(),
  hold: z.object({
    kind: z.enum(holdKinds),
    at: z.iso.datetime().pipe(z.coerce.date()),
    reason: z.string().nullable(),
  } satisfies Record<keyof Hold, z.ZodType>),
});

/**
 * Lifts one hold of a license and reports it with *Undo*. Staff decide about each of the others by one press. Where the
 * license has others alone, nothing is lifted before they have pressed.
 */
export async function liftHold(
  context: GuildContext,
  license: License,
  hold: HoldKind,
  notification: NotificationChoice,
): Promise<Reply | string> {
  const { licenses } = context.services;
  const done = await licenses.resume({ ...context.by, ...notification, licenseId: license.id, hold });
  if (!done.ok) {
    const others = done.error.code === 'not-suspended' ? done.error.others : [];
    return others.length === 0 ? describeCommandError(done.error) : askAboutOthers(context, license.id, notification);
  }
  const { license: changed, lifted, effectIds } = done.value;
  const { silent } = notification;
  const token = await context.saveState({ licenseId: changed.id, silent, hold: lifted });
  return changeReply(context, effectIds, describeLifted(done.value, hold, context.now), {
    rows: liftRows(context, changed, silent),
    buttons: [undoButton(context, undoHandler, [token])],
  });
}

async function askAboutOthers(
  context: GuildContext,
  licenseId: number,
  { silent }: NotificationChoice,
): Promise<Reply | string> {
  const found = await context.services.licenses.view(context.guildId, licenseId);
  if (!found.ok) return describeCommandError(found.error);
  return {
    embeds: [embed(describeOtherHolds(found.value))],
    rows: liftRows(context, found.value.license, silent),
  };
}

/** One button for each hold that a license has. */
function liftRows(context: GuildContext, { id, holds }: License, silent: boolean): readonly Row[] {
  const buttons = holds.map(({ kind }) =>
    button(context.customId(liftHandler, [id, kind, silent ? 1 : 0], { minutes: 15 }), `Lift: ${holdNames[kind]}`),
  );
  const rows = [buttons.slice(0, buttonsPerRow), buttons.slice(buttonsPerRow)];
  return rows.filter((each) => each.length > 0).map((each) => row(...each));
}

export function describeOtherHolds(found: Parameters<typeof describeState>[0] & LicenseRef): Card {
  return {
    title: 'The staff did not suspend it',
    lines: [
      `${licenseName(found)}: ${describeState(found, 'staff')}.`,
      'Lift a reason below if the license shall work in spite of it.',
    ],
    tone: 'warning',
  };
}

type LicenseRef = Pick<LicenseChanged, 'license' | 'product'>;

/** Also says what else makes checks of the license fail. */
export function describeLifted(changed: LicenseRef, hold: HoldKind, now: Date): Card {
  const { switchedOff, expiresAt, holds } = changed.license;
  const isExpired = expiresAt !== null && expiresAt.getTime() <= now.getTime();
  const isSuspended = holds.length > 0;
  const causes = describeCauses(holds.map(({ kind }) => kind));
  return {
    title: isSuspended ? 'License still suspended' : 'License resumed',
    lines: [
      `${licenseName(changed)} is no longer suspended${isSuspended ? ` ${holdCauses[hold]}` : ''}.`,
      ...(isSuspended
        ? [`It is still refused, because it is suspended ${causes}. Lift that below if it shall work.`]
        : []),
      ...(switchedOff ? ['Its owner has paused it, so it is still refused.'] : []),
      ...(isExpired ? ['It has expired, so it is still refused: `/license extend` runs it longer.'] : []),
    ],
    tone: isSuspended ? 'warning' : 'good',
  };
}

export const liftHoldHandlers: Readonly<Record<string, ComponentHandler<GuildContext>>> = {
  [liftHandler]: {
    reply: 'update',
    once: true,
    run: async (context) => {
      const [id = '', kind, silent] = context.state;
      const hold = holdKinds.find((each) => each === kind);
      const found = await context.services.licenses.view(context.guildId, Number(id));
      if (!found.ok) return describeCommandError(found.error);
      if (!hold) return describeCommandError({ code: 'license-not-found' });
      return liftHold(context, found.value.license, hold, { reason: null, silent: silent === '1' });
    },
  },
  [undoHandler]: {
    reply: 'update',
    once: true,
    run: async (context) => {
      const saved = await context.savedState(context.state[0] ?? '', liftedSchema);
      if (!saved) return describeCommandError({ code: 'undo-too-late' });
      const done = await context.services.licenses.restoreHold({ ...context.by, ...saved });
      if (!done.ok) return describeCommandError(done.error);
      const { kind } = saved.hold;
      const lines = [`${licenseName(done.value)} is suspended ${holdCauses[kind]} again, as it was.`];
      return changeReply(context, done.value.effectIds, { title: 'License suspended again', lines, tone: 'warning' });
    },
  },
};
