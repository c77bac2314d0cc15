import { parseSnowflake } from '../domain/values/ids.ts';
import type { CliCommand, StoreCall } from './framework/command.ts';
import type { CommandRegistration } from './framework/context.ts';
import { CommandFailedError, UsageError } from './framework/errors.ts';
import { counted } from './framework/format.ts';

export const discordCommands: readonly CliCommand[] = [
  {
    usage: 'discord register',
    description: "register the bot's slash commands with Discord, without starting the bot",
    options: [{ flags: '--clear', description: 'remove them instead' }],
    notes:
      'Without --guild: the commands of all servers, which the bot registers at each start, too. With --guild: commands\n' +
      'of that server alone, which come on top until --clear removes them. Needs DISCORD_TOKEN.',
    run: async (call) => {
      const { context, storage } = call;
      const { token } = context.config.discord;
      if (token === null) {
        throw new CommandFailedError('no-token', 'DISCORD_TOKEN is not set: put it into .env, as README.md says.');
      }
      const guildId = guildIdFrom(call);
      const clear = call.flag('clear') === true;
      const done = await context.registerCommands({ token, storage, guildId, clear });
      if (!done.ok) throw new CommandFailedError('discord-failed', done.error);
      const where = guildId === null ? 'for all servers' : `for server ${guildId}`;
      return { json: done.value, text: `${describeRegistration(done.value, clear)} ${where}.` };
    },
  },
];

/** The server need not be in the store yet, so its id is all that is known of it. */
function guildIdFrom(call: StoreCall): string | null {
  const text = call.text('guild');
  if (text === undefined) return null;
  const guildId = parseSnowflake(text);
  if (guildId === null) throw new UsageError(`${text} is not the id of a Discord server.`);
  return guildId;
}

function describeRegistration({ registered, removed }: CommandRegistration, clear: boolean): string {
  const gone = `${counted(removed, 'command')} removed`;
  if (clear) return removed === 0 ? 'There were no commands' : gone;
  if (registered === 0) return 'Nothing to change: Discord has the commands already';
  return `${counted(registered, 'command')} registered${removed === 0 ? '' : `, ${gone}`}`;
}
