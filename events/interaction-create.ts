import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** discord.js would keep a channel for everybody who ever used the bot in a DM. */
export const interactionCreate = botEvent(Events.InteractionCreate, async ({ client, dispatch }, interaction) => {
  await dispatch(interaction);
  if (interaction.guildId === null && interaction.channelId !== null) {
    client.channels.cache.delete(interaction.channelId);
  }
});
