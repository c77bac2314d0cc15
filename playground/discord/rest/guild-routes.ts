import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import { asText, textField } from '../validate/check-fields.ts';
import { Problems } from '../validate/problems.ts';
import { nextChannelPosition, nextRolePosition, removeRole, saveChannel, saveRole } from '../world/guild-changes.ts';
import type { ChannelRecord, GuildRecord, RoleRecord } from '../world/model.ts';
import { apiChannel, apiGuild, apiRole } from '../world/payloads.ts';
import { guildPermissions, highestRole, isAbove } from '../world/permissions.ts';
import { findGuildChannels, type World } from '../world/world.ts';
import { requireChannel, requireGuild, requireGuildPermission } from './access.ts';
import { discordError } from './errors.ts';
import { bodyOf, created, noContent, ok, type RestResponse, type RestRequest, type Route } from './route.ts';

export const guildRoutes: readonly Route[] = [
  { method: 'GET', path: '/channels/:channel', auth: 'bot', handle: getChannel },
  { method: 'GET', path: '/guilds/:guild', auth: 'bot', handle: getGuild },
  { method: 'GET', path: '/guilds/:guild/channels', auth: 'bot', handle: listChannels },
  { method: 'POST', path: '/guilds/:guild/channels', auth: 'bot', handle: createChannel },
  { method: 'GET', path: '/guilds/:guild/roles', auth: 'bot', handle: listRoles },
  { method: 'POST', path: '/guilds/:guild/roles', auth: 'bot', handle: createRole },
  { method: 'GET', path: '/guilds/:guild/roles/:role', auth: 'bot', handle: getRole },
  { method: 'PATCH', path: '/guilds/:guild/roles/:role', auth: 'bot', handle: editRole },
  { method: 'DELETE', path: '/guilds/:guild/roles/:role', auth: 'bot', handle: deleteRole },
];

function getChannel({ world, params }: RestRequest): RestResponse {
  return ok(apiChannel(world, requireChannel(world, params.channel ?? '')));
}

function getGuild({ world, params, query }: RestRequest): RestResponse {
  const guild = requireGuild(world, params.guild ?? '');
  const count = guild.members.size;
  const counts = { approximate_member_count: count, approximate_presence_count: count };
  return ok({ ...apiGuild(guild), ...(query.get('with_counts') === 'true' && counts) });
}

function listChannels({ world, params }: RestRequest): RestResponse {
  const guild = requireGuild(world, params.guild ?? '');
  return ok(findGuildChannels(world, guild.id).map((channel) => apiChannel(world, channel)));
}

function createChannel(request: RestRequest): RestResponse {
  const { world, params } = request;
  const body = bodyOf(request);
  const guild = requireGuild(world, params.guild ?? '');
  requireGuildPermission(world, guild, PermissionFlagsBits.ManageChannels);
  const problems = new Problems();
  const name = textField(problems, ['name'], body.name, { min: 1, max: 100, required: true });
  problems.throwIfAny();
  const channel: ChannelRecord = {
    id: world.newId(),
    type: (body.type ?? ChannelType.GuildText) as ChannelType,
    guildId: guild.id,
    recipientId: null,
    name: name ?? '',
    position: nextChannelPosition(world, guild),
    overwrites: overwritesOf(body.permission_overwrites),
  };
  saveChannel(world, guild, channel);
  return created(apiChannel(world, channel));
}

function overwritesOf(value: unknown): ChannelRecord['overwrites'] {
  const given = Array.isArray(value) ? (value as { id: string; type: number; allow?: string; deny?: string }[]) : [];
  return given.map(({ id, type, allow, deny }) => ({
    id,
    kind: type === 0 ? 'role' : 'member',
    allow: BigInt(allow ?? 0),
    deny: BigInt(deny ?? 0),
  }));
}

function listRoles({ world, params }: RestRequest): RestResponse {
  return ok([...requireGuild(world, params.guild ?? '').roles.values()].map(apiRole));
}

function roleOf(guild: GuildRecord, request: RestRequest): RoleRecord {
  const role = guild.roles.get(request.params.role ?? '');
  if (!role) throw discordError('unknownRole');
  return role;
}

function getRole(request: RestRequest): RestResponse {
  return ok(apiRole(roleOf(requireGuild(request.world, request.params.guild ?? ''), request)));
}

/** The changes of a role in a body. A bot cannot grant permissions that it does not have itself. */
function roleChange(world: World, guild: GuildRecord, request: RestRequest): Partial<RoleRecord> {
  const { name, permissions, color, hoist, mentionable } = bodyOf(request);
  const problems = new Problems();
  textField(problems, ['name'], name, { max: 100 });
  problems.throwIfAny();
  const bits = permissions === undefined || permissions === null ? undefined : BigInt(asText(permissions));
  const mine = guildPermissions(guild, world.application.botId);
  if (bits !== undefined && (bits & ~mine) !== 0n) throw discordError('missingPermissions');
  return {
    ...(typeof name === 'string' && { name }),
    ...(bits !== undefined && { permissions: bits }),
    ...(typeof color === 'number' && { color }),
    ...(typeof hoist === 'boolean' && { hoist }),
    ...(typeof mentionable === 'boolean' && { mentionable }),
  };
}

function createRole(request: RestRequest): RestResponse {
  const { world, params } = request;
  const guild = requireGuild(world, params.guild ?? '');
  requireGuildPermission(world, guild, PermissionFlagsBits.ManageRoles);
  const role: RoleRecord = {
    id: world.newId(),
    name: 'new role',
    permissions: 0n,
    position: nextRolePosition(guild),
    color: 0,
    hoist: false,
    mentionable: false,
    managed: false,
    botId: null,
    ...roleChange(world, guild, request),
  };
  // Discord places a new role below the role of the bot that created it.
  const own = highestRole(guild, world.application.botId);
  if (own && role.position >= own.position) role.position = Math.max(1, own.position - 1);
  saveRole(world, guild, role);
  return ok(apiRole(role));
}

/** Throws 50013 unless the bot may change this role, or give it to members. */
export function requireRoleBelowBot(world: World, guild: GuildRecord, role: RoleRecord): void {
  requireGuildPermission(world, guild, PermissionFlagsBits.ManageRoles);
  if (guild.ownerId === world.application.botId) return;
  const own = highestRole(guild, world.application.botId);
  if (!own || !isAbove(own, role) || own.id === role.id) throw discordError('missingPermissions');
}

function editRole(request: RestRequest): RestResponse {
  const { world, params } = request;
  const guild = requireGuild(world, params.guild ?? '');
  const role = roleOf(guild, request);
  requireRoleBelowBot(world, guild, role);
  saveRole(world, guild, Object.assign(role, roleChange(world, guild, request)));
  return ok(apiRole(role));
}

function deleteRole(request: RestRequest): RestResponse {
  const { world, params } = request;
  const guild = requireGuild(world, params.guild ?? '');
  const role = roleOf(guild, request);
  if (role.managed || role.id === guild.id) throw discordError('invalidRole');
  requireRoleBelowBot(world, guild, role);
  removeRole(world, guild, role.id);
  return noContent;
}
