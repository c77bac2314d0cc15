import { Events } from 'discord.js';
import { reportForeignCommands } from '../src/discord/gateway/report-foreign-commands.ts';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** Stores a guild that may be served. Of others nothing is stored; commands there explain why they do nothing. */
export const guildCreate = botEvent(Events.GuildCreate, async (context, { id, name }) => {
  const { services, log, serves } = context;
  if (!serves(id)) {
    log.warn('A server that guilds.allowed does not name invited the bot; it is not served', { guild: id, name });
    return;
  }
  await services.guilds.ensure({ id, name });
  log.info('The bot joined a server', { guild: id, name });
  await reportForeignCommands(context, [id]);
});
