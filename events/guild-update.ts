import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** DMs and pages name the server as it is called now. */
export const guildUpdate = botEvent(Events.GuildUpdate, async ({ services, serves }, before, { id, name }) => {
  if (serves(id) && before.name !== name) await services.guilds.ensure({ id, name });
});
