import { Client, type ClientOptions, GatewayIntentBits, Options, Partials } from 'discord.js';

/** A client that caches guilds, channels and roles, and almost nothing else. */
export function createClient(apiUrl: string | null, withMembers: boolean): Client {
  const { Guilds, GuildMembers, GuildModeration } = GatewayIntentBits;
  const isSelf = ({ id, client }: { readonly id: string; readonly client: Client<true> }) => id === client.user.id;
  const few = { maxSize: 200, keepOverLimit: isSelf };
  const options: ClientOptions = {
    intents: withMembers ? [Guilds, GuildMembers, GuildModeration] : [Guilds, GuildModeration],
    // Without partials, discord.js drops events about members and users that are not cached.
    partials: [Partials.GuildMember, Partials.User, Partials.Channel],
    allowedMentions: { parse: [] },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      GuildMemberManager: few,
      UserManager: few,
      MessageManager: 0,
      DMMessageManager: 0,
      GuildMessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      GuildBanManager: 0,
      GuildInviteManager: 0,
      GuildEmojiManager: 0,
      GuildStickerManager: 0,
      GuildScheduledEventManager: 0,
      StageInstanceManager: 0,
      ThreadManager: 0,
      ThreadMemberManager: 0,
      AutoModerationRuleManager: 0,
      ApplicationCommandManager: 0,
    }),
    ...(apiUrl !== null && { rest: { api: apiUrl } }),
  };
  return new Client(options);
}
