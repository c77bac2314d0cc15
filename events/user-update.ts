import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** Staff find owners by the name they have now. */
export const userUpdate = botEvent(Events.UserUpdate, async ({ services }, _before, user) => {
  await services.members.remember({ id: user.id, username: user.username, discriminator: user.discriminator });
});
