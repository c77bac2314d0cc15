import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** A member who comes back gets the roles that their licenses earn. */
export const guildMemberAdd = botEvent(
  Events.GuildMemberAdd,
  async ({ services, serves, wakeEffects }, { guild, user }) => {
    if (!serves(guild.id) || user.bot) return;
    await services.members.remember({ id: user.id, username: user.username, discriminator: user.discriminator });
    await services.members.joined(guild.id, user.id);
    wakeEffects();
  },
);
