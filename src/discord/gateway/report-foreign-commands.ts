import type { EventContext } from '../framework/bot-event.ts';
import { describeForeignCommandsAlert } from '../texts/commands.ts';

const quietHours = 7 * 24;

/** Notifies staff and operator of commands that another program left in these guilds, staff once a week at most. */
export async function reportForeignCommands(
  { services, log, findForeignCommands }: Pick<EventContext, 'services' | 'log' | 'findForeignCommands'>,
  guildIds: readonly string[],
): Promise<void> {
  for (const guildId of guildIds) {
    const commands = await findForeignCommands(guildId).catch((error: unknown) => {
      // Discord does not show the commands where the bot was invited without its commands; other guilds must not wait.
      log.info('The commands of a server could not be looked at', { guild: guildId, error });
      return [];
    });
    if (commands.length === 0) continue;
    const text = describeForeignCommandsAlert(commands);
    log.warn(text, { guild: guildId });
    await services.alerts.raise(guildId, { kind: 'foreign-commands', subject: 'commands', text, quietHours });
  }
}
