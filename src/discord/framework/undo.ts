import type { APIButtonComponent } from 'discord.js';
import { button } from './components.ts';
import type { CommandContext } from './command-context.ts';

const undoMinutes = 15;

/** *Undo* for 15 minutes. Its handler has `once: true` and reverts exactly the change that its state names. */
export function undoButton(
  context: CommandContext,
  handler: string,
  state: readonly (string | number)[],
): APIButtonComponent {
  return button(context.customId(handler, state, { minutes: undoMinutes }), 'Undo');
}
