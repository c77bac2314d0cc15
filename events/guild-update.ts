import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** Stores the new name, so that DMs and pages show it. */
export const guildUpdate = botEvent(Events.GuildUpdate, async ({ services, serves }, before, { id, name }) => {
  if (serves(id) && before.name !== name) await services.guilds.ensure({ id, name });
});
