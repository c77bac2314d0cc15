import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';

/** The setting `member.onBan` says what happens to the member's licenses. */
export const guildBanAdd = botEvent(Events.GuildBanAdd, async ({ services, serves, wakeEffects }, { guild, user }) => {
  if (!serves(guild.id)) return;
  await services.members.banned(guild.id, user.id);
  wakeEffects();
});
