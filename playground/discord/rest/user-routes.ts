import { ChannelType } from 'discord-api-types/v10';
import { asText, isSnowflake } from '../validate/check-fields.ts';
import { invalid } from '../validate/problems.ts';
import { guildPermissions } from '../world/permissions.ts';
import { apiApplication, apiChannel, apiUser } from '../world/payloads.ts';
import { findBotMember, findDmChannel, getRecord, type World } from '../world/world.ts';
import { discordError } from './errors.ts';
import { bodyOf, ok, type RestResponse, type RestRequest, type Route } from './route.ts';

export const userRoutes: readonly Route[] = [
  { method: 'GET', path: '/gateway', auth: 'none', handle: ({ gatewayUrl }) => ok({ url: gatewayUrl }) },
  { method: 'GET', path: '/gateway/bot', auth: 'bot', handle: gatewayBot },
  { method: 'GET', path: '/users/@me', auth: 'bot', handle: ({ world }) => ok(self(world)) },
  { method: 'GET', path: '/users/@me/guilds', auth: 'bot', handle: ownGuilds },
  { method: 'POST', path: '/users/@me/channels', auth: 'bot', handle: openDm },
  { method: 'GET', path: '/users/:user', auth: 'bot', handle: getUser },
  { method: 'GET', path: '/applications/@me', auth: 'bot', handle: ({ world }) => ok(apiApplication(world)) },
  { method: 'GET', path: '/oauth2/applications/@me', auth: 'bot', handle: ({ world }) => ok(apiApplication(world)) },
];

function self(world: World): object {
  return {
    ...apiUser(getRecord(world.users, world.application.botId, 'user')),
    verified: true,
    mfa_enabled: true,
    email: null,
    flags: 0,
  };
}

function gatewayBot({ gatewayUrl }: RestRequest): RestResponse {
  const limit = { total: 1_000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 };
  return ok({ url: gatewayUrl, shards: 1, session_start_limit: limit });
}

function ownGuilds({ world }: RestRequest): RestResponse {
  const { botId } = world.application;
  const guilds = [...world.guilds.values()].filter((guild) => findBotMember(world, guild));
  return ok(
    guilds.map((guild) => ({
      id: guild.id,
      name: guild.name,
      icon: null,
      banner: null,
      owner: false,
      permissions: guildPermissions(guild, botId).toString(),
      features: [],
    })),
  );
}

function getUser({ world, params }: RestRequest): RestResponse {
  const user = world.users.get(params.user ?? '');
  if (!user) throw discordError('unknownUser');
  return ok(apiUser(user));
}

function openDm(request: RestRequest): RestResponse {
  const { world } = request;
  const recipientId = bodyOf(request).recipient_id;
  if (!isSnowflake(recipientId))
    throw invalid(['recipient_id'], 'NUMBER_TYPE_COERCE', `Value "${asText(recipientId)}" is not snowflake.`);
  const user = world.users.get(recipientId);
  if (!user || user.id === world.application.botId) throw discordError('invalidRecipient');
  const existing = findDmChannel(world, user.id);
  if (existing) return ok(apiChannel(world, existing));
  if (world.dmOpensLeft !== null) {
    if (world.dmOpensLeft === 0) throw discordError('dmsTooFast');
    world.dmOpensLeft -= 1;
  }
  return ok(apiChannel(world, createDm(world, user.id)));
}

/** Opens the DM channel of the bot and a user. */
export function createDm(world: World, userId: string) {
  const channel = {
    id: world.newId(),
    type: ChannelType.DM,
    guildId: null,
    recipientId: userId,
    name: '',
    position: 0,
    overwrites: [],
  };
  world.channels.set(channel.id, channel);
  world.changed();
  return channel;
}
