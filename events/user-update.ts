import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** Stores the new name, so that staff find owners by it. */
export const userUpdate = botEvent(Events.UserUpdate, async ({ services }, _before, user) => {
  await services.members.remember({ id: user.id, username: user.username, discriminator: user.discriminator });
});
