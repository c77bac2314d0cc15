import type { Reply } from './reply.ts';
import { button, row } from './components.ts';
import type { CommandContext } from './command-context.ts';
import { embed } from './embed.ts';

export interface Question {
  readonly title: string;
  /** What is hit: how many, of whom, examples. */
  readonly lines: readonly string[];
  /** The button that does it, named after what it does: "Delete 3 licenses". */
  readonly label: string;
  /** Answers the button, with `reply: 'update'` and `once: true`. */
  readonly handler: string;
  readonly state?: readonly (string | number)[];
}

/** Handler of every *Cancel* button. */
export const cancelHandler = 'cancel';

/** Asks before something that cannot be taken back or hits more than one person. The question holds for 15 minutes. */
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
