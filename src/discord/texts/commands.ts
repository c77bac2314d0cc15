import type { HiddenCommands } from '../framework/command-context.ts';
import { codeText } from './escape-text.ts';
import { count, listWords, mentionRole } from './phrases.ts';

interface Named {
  readonly name: string;
}

/** `/license` and `/logs`; at most ten by name. */
export function listCommands(names: readonly string[]): string {
  return listTen(names, (name) => codeText(`/${name}`, 40));
}

function listTen(names: readonly string[], show: (name: string) => string): string {
  const shown = names.slice(0, 10).map(show);
  return listWords(names.length > shown.length ? [...shown, `${names.length - shown.length} more`] : shown);
}

/** Which commands a staff role does not see, and where to change that. */
export function describeHiddenCommands({ role, commands }: HiddenCommands): string {
  return (
    `Members with ${mentionRole(role.id)} do not see ${listCommands(commands)}, which the settings allow them. ` +
    'Open Server Settings → Integrations → this bot, and add the role to each of these commands.'
  );
}

/** Commands that another program left, and what comes of them, for `/setup`. */
export function describeForeignCommands(commands: readonly Named[]): string {
  const which = `${count(commands.length, 'command')} (${listCommands(commands.map(({ name }) => name))})`;
  return `Another program left ${which} in this server. Discord shows them next to mine, but nothing answers them any more.`;
}

/** The same for the alerts channel and the log, which show no markdown. */
export function describeForeignCommandsAlert(commands: readonly Named[]): string {
  const which = listTen(
    commands.map(({ name }) => name),
    (name) => `/${name}`,
  );
  return (
    `Another program left ${count(commands.length, 'command')} of this bot in this server: ${which}. ` +
    'Discord shows them next to mine, but nothing answers them any more. /setup offers to remove them.'
  );
}
