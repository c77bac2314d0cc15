import type { SettingKey, Settings } from '../../domain/settings/settings.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { describeHiddenCommands } from '../texts/commands.ts';
import { listWords, mentionChannel } from '../texts/phrases.ts';
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

/** What Discord does not show to staff roles although the settings allow it; `roleIds`: to these alone. */
export async function hiddenCommandWarnings(
  { discord, guildId, settings }: Pick<GuildContext, 'discord' | 'guildId' | 'settings'>,
  roleIds?: readonly string[],
): Promise<readonly string[]> {
  const hidden = await discord.hiddenCommands(guildId, settings).catch(() => null);
  if (hidden === null) return ['Discord does not say right now which staff roles see the commands.'];
  return hidden.filter(({ role }) => roleIds?.includes(role.id) ?? true).map(describeHiddenCommands);
}
