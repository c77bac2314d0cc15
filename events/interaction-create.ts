import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** discord.js would cache a channel for every user who ever used the bot in a DM, without a limit. */
export const interactionCreate = botEvent(Events.InteractionCreate, async ({ client, dispatch }, interaction) => {
  await dispatch(interaction);
  if (interaction.guildId === null && interaction.channelId !== null) {
    client.channels.cache.delete(interaction.channelId);
  }
});
