import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** A server that may be served is made known; in others the bot leaves nothing and explains itself when asked. */
export const guildCreate = botEvent(Events.GuildCreate, async ({ services, log, serves }, { id, name }) => {
  if (!serves(id)) {
    log.warn('A server that guilds.allowed does not name invited the bot; it is not served', { guild: id, name });
    return;
  }
  await services.guilds.ensure({ id, name });
  log.info('The bot joined a server', { guild: id, name });
});
