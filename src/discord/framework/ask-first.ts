import type { Reply } from './reply.ts';
import { button, row } from './components.ts';
import type { CommandContext } from './command-context.ts';
import { embed } from './embed.ts';

export interface Question {
  readonly title: string;
  /** What will be changed: how many licenses, whose, with examples. */
  readonly lines: readonly string[];
  /** The text of the button, which says what it does: "Delete 3 licenses". */
  readonly label: string;
  /** The name of the button's handler, which has `reply: 'update'` and `once: true`. */
  readonly handler: string;
  readonly state?: readonly (string | number)[];
}

/** Handler of every *Cancel* button. */
export const cancelHandler = 'cancel';

/** Asks before a change that cannot be undone or affects more than one user. The buttons work for 15 minutes. */
export function askFirst(context: CommandContext, { title, lines, label, handler, state }: Question): Reply {
  return {
    embeds: [embed({ title, lines, tone: 'warning' })],
    rows: [
      row(
        button(context.customId(handler, state, { minutes: 15 }), label, 'danger'),
        button(context.customId(cancelHandler), 'Cancel'),
      ),
    ],
  };
}
