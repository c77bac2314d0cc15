import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** Licenses go on working: removing the bot from a server by accident must not lock customers out. */
export const guildDelete = botEvent(Events.GuildDelete, ({ log, serves }, { id, name }) => {
  if (serves(id)) log.warn('The bot was removed from a server; its licenses go on working', { guild: id, name });
  return Promise.resolve();
});
