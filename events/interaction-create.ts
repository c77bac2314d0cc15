import { Events } from 'discord.js';
import { botEvent } from '../src/discord/event.ts';

export const interactionCreate = botEvent(Events.InteractionCreate, (context, interaction) =>
  context.dispatch(interaction),
);
