import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** The setting `member.onLeave` says what happens to the member's licenses. */
export const guildMemberRemove = botEvent(
  Events.GuildMemberRemove,
  async ({ services, client, serves, wakeEffects }, { guild, id }) => {
    if (!serves(guild.id) || id === client.user?.id) return;
    await services.members.left(guild.id, id);
    wakeEffects();
  },
);
