import { PermissionFlagsBits } from 'discord-api-types/v10';
import { textField } from '../validate/check-fields.ts';
import { invalid, Problems } from '../validate/problems.ts';
import { changeMember, memberIsBanned, memberLeaves, sendInGuild } from '../world/guild-changes.ts';
import type { GuildRecord } from '../world/model.ts';
import { apiMember, apiUser } from '../world/payloads.ts';
import { highestRole, isAbove } from '../world/permissions.ts';
import { getRecord, type World } from '../world/world.ts';
import { requireGuild, requireMember, requireGuildPermission } from './access.ts';
import { discordError } from './errors.ts';
import { requireRoleBelowBot } from './guild-routes.ts';
import { bodyOf, noContent, ok, type RestResponse, type RestRequest, type Route } from './route.ts';

const rolePath = '/guilds/:guild/members/:user/roles/:role';

export const memberRoutes: readonly Route[] = [
  { method: 'GET', path: '/guilds/:guild/members', auth: 'bot', handle: listMembers },
  { method: 'GET', path: '/guilds/:guild/members/search', auth: 'bot', handle: searchMembers },
  { method: 'GET', path: '/guilds/:guild/members/:user', auth: 'bot', handle: getMember },
  { method: 'PATCH', path: '/guilds/:guild/members/:user', auth: 'bot', handle: editMember },
  { method: 'DELETE', path: '/guilds/:guild/members/:user', auth: 'bot', handle: kick },
  { method: 'PUT', path: rolePath, auth: 'bot', handle: (request) => changeRole(request, true) },
  { method: 'DELETE', path: rolePath, auth: 'bot', handle: (request) => changeRole(request, false) },
  { method: 'GET', path: '/guilds/:guild/bans', auth: 'bot', handle: listBans },
  { method: 'GET', path: '/guilds/:guild/bans/:user', auth: 'bot', handle: getBan },
  { method: 'PUT', path: '/guilds/:guild/bans/:user', auth: 'bot', handle: ban },
  { method: 'DELETE', path: '/guilds/:guild/bans/:user', auth: 'bot', handle: unban },
];

function pageSize(query: URLSearchParams, max: number): number {
  const limit = Number(query.get('limit') ?? 1);
  if (!Number.isInteger(limit) || limit < 1 || limit > max) {
    throw invalid(['limit'], 'NUMBER_TYPE_MAX', `int value should be between 1 and ${max}.`);
  }
  return limit;
}

/** Discord lists members only for applications with the members intent. */
function listMembers({ world, params, query }: RestRequest): RestResponse {
  const guild = requireGuild(world, params.guild ?? '');
  if (!world.application.membersIntent) throw discordError('missingAccess');
  const after = BigInt(query.get('after') ?? 0);
  const sorted = [...guild.members.values()].sort((a, b) => (BigInt(a.userId) < BigInt(b.userId) ? -1 : 1));
  const page = sorted.filter(({ userId }) => BigInt(userId) > after).slice(0, pageSize(query, 1_000));
  return ok(page.map((member) => apiMember(world, member)));
}

function searchMembers({ world, params, query }: RestRequest): RestResponse {
  const guild = requireGuild(world, params.guild ?? '');
  const wanted = (query.get('query') ?? '').toLowerCase();
  if (wanted === '') throw invalid(['query'], 'BASE_TYPE_REQUIRED', 'This field is required');
  const found = [...guild.members.values()].filter(({ userId, nick }) => {
    const { username, globalName } = getRecord(world.users, userId, 'user');
    return [username, globalName ?? '', nick ?? ''].some((name) => name.toLowerCase().startsWith(wanted));
  });
  return ok(found.slice(0, pageSize(query, 1_000)).map((member) => apiMember(world, member)));
}

/** The user id in the path, where `@me` is the bot. */
function findUserId(world: World, request: RestRequest): string {
  const id = request.params.user ?? '';
  return id === '@me' ? world.application.botId : id;
}

function getMember(request: RestRequest): RestResponse {
  const { world, params } = request;
  const guild = requireGuild(world, params.guild ?? '');
  const userId = findUserId(world, request);
  if (!world.users.has(userId)) throw discordError('unknownUser');
  return ok(apiMember(world, requireMember(guild, userId)));
}

/** Throws for roles that the bot cannot give: managed roles belong to their integration, and every member has @everyone. */
function requireGivable(world: World, guild: GuildRecord, roleId: string): void {
  const role = guild.roles.get(roleId);
  if (!role) throw discordError('unknownRole');
  if (role.id === guild.id) throw discordError('invalidRole');
  requireRoleBelowBot(world, guild, role);
  if (role.managed) throw discordError('missingPermissions');
}

function changeRole(request: RestRequest, give: boolean): RestResponse {
  const { world, params } = request;
  const roleId = params.role ?? '';
  const guild = requireGuild(world, params.guild ?? '');
  const member = requireMember(guild, findUserId(world, request));
  requireGivable(world, guild, roleId);
  if (member.roles.includes(roleId) !== give) {
    const roles = give ? [...member.roles, roleId] : member.roles.filter((id) => id !== roleId);
    changeMember(world, guild, member, { roles });
  }
  return noContent;
}

function editMember(request: RestRequest): RestResponse {
  const { world, params } = request;
  const guild = requireGuild(world, params.guild ?? '');
  const member = requireMember(guild, findUserId(world, request));
  const { roles, nick } = bodyOf(request);
  if (nick !== undefined) {
    const problems = new Problems();
    textField(problems, ['nick'], nick, { max: 32 });
    problems.throwIfAny();
    const isSelf = member.userId === world.application.botId;
    requireGuildPermission(
      world,
      guild,
      isSelf ? PermissionFlagsBits.ChangeNickname : PermissionFlagsBits.ManageNicknames,
    );
  }
  if (Array.isArray(roles)) {
    const wanted = roles.map(String);
    const changed = [
      ...wanted.filter((id) => !member.roles.includes(id)),
      ...member.roles.filter((id) => !wanted.includes(id)),
    ];
    for (const roleId of changed) requireGivable(world, guild, roleId);
  }
  changeMember(world, guild, member, {
    ...(Array.isArray(roles) && { roles: roles.map(String) }),
    ...(nick !== undefined && { nick: nick as string | null }),
  });
  return ok(apiMember(world, member));
}

/** Throws 50013 for the owner and for members whose highest role is not below the bot's: the bot cannot remove them. */
function requireBelowBot(world: World, guild: GuildRecord, userId: string): void {
  const own = highestRole(guild, world.application.botId);
  const theirs = highestRole(guild, userId);
  if (userId === guild.ownerId || !own || (theirs && !isAbove(own, theirs))) throw discordError('missingPermissions');
}

function kick(request: RestRequest): RestResponse {
  const { world, params } = request;
  const guild = requireGuild(world, params.guild ?? '');
  const member = requireMember(guild, findUserId(world, request));
  requireGuildPermission(world, guild, PermissionFlagsBits.KickMembers);
  requireBelowBot(world, guild, member.userId);
  memberLeaves(world, guild, member.userId);
  return noContent;
}

function apiBan(world: World, userId: string, reason: string | null): object {
  return { reason, user: apiUser(getRecord(world.users, userId, 'user')) };
}

function guildForBans({ world, params }: RestRequest): GuildRecord {
  const guild = requireGuild(world, params.guild ?? '');
  requireGuildPermission(world, guild, PermissionFlagsBits.BanMembers);
  return guild;
}

function listBans(request: RestRequest): RestResponse {
  return ok([...guildForBans(request).bans].map(([userId, reason]) => apiBan(request.world, userId, reason)));
}

function getBan(request: RestRequest): RestResponse {
  const guild = guildForBans(request);
  const userId = findUserId(request.world, request);
  const reason = guild.bans.get(userId);
  if (reason === undefined) throw discordError('unknownBan');
  return ok(apiBan(request.world, userId, reason));
}

function ban(request: RestRequest): RestResponse {
  const { world } = request;
  const guild = guildForBans(request);
  const userId = findUserId(world, request);
  if (!world.users.has(userId)) throw discordError('unknownUser');
  requireBelowBot(world, guild, userId);
  memberIsBanned(world, guild, userId, null);
  return noContent;
}

function unban(request: RestRequest): RestResponse {
  const { world } = request;
  const guild = guildForBans(request);
  const userId = findUserId(world, request);
  if (!guild.bans.delete(userId)) throw discordError('unknownBan');
  sendInGuild(world, guild, 'GUILD_BAN_REMOVE', 1 << 2, { user: apiUser(getRecord(world.users, userId, 'user')) });
  return noContent;
}
