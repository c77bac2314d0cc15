import { Events } from 'discord.js';
import { botEvent } from '../src/discord/framework/bot-event.ts';
import { describeDeletedRoleAlert } from '../src/discord/texts/roles.ts';

/** Notifies staff that a role is gone which licenses or staff need, while Discord still reports its name. */
export const guildRoleDelete = botEvent(Events.GuildRoleDelete, async ({ services, serves }, { id, name, guild }) => {
  if (!serves(guild.id)) return;
  const uses = await services.members.roleUses(guild.id, id);
  if (uses.length === 0) return;
  const text = describeDeletedRoleAlert(name, uses);
  await services.alerts.raise(guild.id, { kind: 'role-deleted', subject: `role:${id}`, text });
});
