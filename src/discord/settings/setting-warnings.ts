import type { SettingKey, Settings } from '../../domain/settings/settings.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { listWords, mentionChannel, mentionRole } from '../texts/phrases.ts';
import { controlOf } from './setting-control.ts';

type GuildAccess = Pick<GuildContext, 'discord' | 'guildId'>;

/** What is wrong in Discord with the channel or role that a setting names, in whole sentences. */
export async function settingWarnings(
  guild: GuildAccess,
  key: SettingKey,
  value: Settings[SettingKey],
): Promise<readonly string[]> {
  const { type } = controlOf(key);
  if (type === 'channel' && typeof value === 'string') return channelWarnings(guild, value);
  if (type === 'roles' && Array.isArray(value)) return hiddenCommandWarnings(guild, value.map(String));
  if (type !== 'role' || typeof value !== 'string') return [];
  const why = await guild.discord.unassignableReason(guild.guildId, value);
  return why === null ? [] : [`I cannot give the customer role yet: ${why}`];
}

async function channelWarnings({ discord, guildId }: GuildAccess, channelId: string): Promise<readonly string[]> {
  const missing = await discord.missingPermissions(guildId, channelId);
  const isOpen = await discord.isReadByEveryone(guildId, channelId);
  return [
    ...(isOpen
      ? [`@everyone can read ${mentionChannel(channelId)}, and with it your customers’ IPs. Choose a staff channel.`]
      : []),
    ...(missing.length > 0 ? [`I cannot post in ${mentionChannel(channelId)}: I lack ${listWords(missing)}.`] : []),
  ];
}

/** Discord shows staff commands to members with Moderate Members only, whatever the role lists in the settings say. */
export async function hiddenCommandWarnings(
  { discord, guildId }: GuildAccess,
  roleIds: readonly string[],
): Promise<readonly string[]> {
  const hidden = await discord.rolesWithoutCommands(guildId, [...new Set(roleIds)]);
  if (hidden.length === 0) return [];
  const names = listWords(hidden.map(mentionRole));
  return [
    `Members with ${names} do not see the staff commands, because Discord shows them to those with Moderate Members. ` +
      'Change that in Server Settings → Integrations → this bot: open each command and add the role.',
  ];
}
