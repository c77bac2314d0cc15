import { type Interaction, PermissionFlagsBits } from 'discord.js';
import type { Member } from '../../domain/access.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
import type { Services } from '../../services/services.ts';
import { missingAccess, notAMember } from './access.ts';
import type { CommandContext, DeliveryReport, DiscordView, GuildContext } from './command-context.ts';
import { encodeCustomId, type Sign } from './custom-id.ts';
import type { SavedStates } from './saved-states.ts';

export interface CommandContextParts {
  readonly services: Services;
  readonly clock: () => Date;
  readonly sign: Sign;
  readonly savedStates: SavedStates;
  readonly discord: DiscordView;
  readonly deliver: (
    effectIds: readonly number[],
    context: Pick<CommandContext, 'customId' | 'guildId' | 'channelId' | 'discord'>,
  ) => DeliveryReport;
}

/** Makes what a handler is given: a GuildContext where the interaction is in a guild. */
export function createCommandContext(
  interaction: Interaction,
  settings: Settings | null,
  parts: CommandContextParts,
): CommandContext | GuildContext {
  const { services, clock, sign, savedStates, discord, deliver } = parts;
  const { user, guildId, channelId } = interaction;
  const member = memberOf(interaction);
  const now = clock();
  const actor = { type: 'user', id: user.id } as const;

  const customId: CommandContext['customId'] = (handler, state = [], { forAnybody, forUserId, minutes } = {}) =>
    encodeCustomId(
      {
        handler,
        userId: forAnybody ? null : (forUserId ?? user.id),
        until: minutes === undefined ? null : new Date(now.getTime() + minutes * minuteMs),
        state: state.map(String),
      },
      sign,
    );

  return {
    services,
    now,
    user: { id: user.id, username: user.username, displayName: user.displayName },
    actor,
    guildId,
    guildName: guildId === null ? null : (interaction.guild?.name ?? guildId),
    channelId,
    settings,
    by: { guildId, actor },
    isManager: member.manageServer,
    missing: (action) => (settings ? missingAccess(action, member, settings) : 'This works in a server only.'),
    customId,
    saveState: (state) => savedStates.save(user.id, state),
    savedState: (token, schema) => savedStates.find(user.id, token, schema),
    delivery: (effectIds) => deliver(effectIds, { customId, guildId, channelId, discord }),
    discord,
  } as CommandContext | GuildContext;
}

/** The member as Discord sent it with this interaction; administrators have every permission. */
export function memberOf(interaction: Interaction): Member {
  const { member, memberPermissions } = interaction;
  if (!member || !memberPermissions) return notAMember;
  return {
    roleIds: Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()],
    manageServer: memberPermissions.has(PermissionFlagsBits.ManageGuild),
    moderateMembers: memberPermissions.has(PermissionFlagsBits.ModerateMembers),
  };
}
