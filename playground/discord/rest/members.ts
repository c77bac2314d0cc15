import { PermissionFlagsBits } from 'discord-api-types/v10';
import { textField } from '../validate/fields.ts';
import { invalid, Problems } from '../validate/problems.ts';
import { changeMember, memberIsBanned, memberLeaves, sendInGuild } from '../world/changes.ts';
import type { GuildRecord } from '../world/model.ts';
import { apiMember, apiUser } from '../world/payloads.ts';
import { highestRole, isAbove } from '../world/permissions.ts';
import { getRecord, type World } from '../world/world.ts';
import { guildFor, memberOf, requireGuildPermission } from './access.ts';
import { discordError } from './errors.ts';
import { requireRoleBelowBot } from './guilds.ts';
import { bodyOf, noContent, ok, type Answer, type Call, type Route } from './route.ts';

const rolePath = '/guilds/:guild/members/:user/roles/:role';

export const memberRoutes: readonly Route[] = [
  { method: 'GET', path: '/guilds/:guild/members', auth: 'bot', handle: listMembers },
  { method: 'GET', path: '/guilds/:guild/members/search', auth: 'bot', handle: searchMembers },
  { method: 'GET', path: '/guilds/:guild/members/:user', auth: 'bot', handle: getMember },
  { method: 'PATCH', path: '/guilds/:guild/members/:user', auth: 'bot', handle: editMember },
  { method: 'DELETE', path: '/guilds/:guild/members/:user', auth: 'bot', handle: kick },
  { method: 'PUT', path: rolePath, auth: 'bot', handle: (call) => changeRole(call, true) },
  { method: 'DELETE', path: rolePath, auth: 'bot', handle: (call) => changeRole(call, false) },
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
function listMembers({ world, params, query }: Call): Answer {
  const guild = guildFor(world, params.guild ?? '');
  if (!world.application.membersIntent) throw discordError('missingAccess');
  const after = BigInt(query.get('after') ?? 0);
  const sorted = [...guild.members.values()].sort((a, b) => (BigInt(a.userId) < BigInt(b.userId) ? -1 : 1));
  const page = sorted.filter(({ userId }) => BigInt(userId) > after).slice(0, pageSize(query, 1_000));
  return ok(page.map((member) => apiMember(world, member)));
}

function searchMembers({ world, params, query }: Call): Answer {
  const guild = guildFor(world, params.guild ?? '');
  const wanted = (query.get('query') ?? '').toLowerCase();
  if (wanted === '') throw invalid(['query'], 'BASE_TYPE_REQUIRED', 'This field is required');
  const found = [...guild.members.values()].filter(({ userId, nick }) => {
    const { username, globalName } = getRecord(world.users, userId, 'user');
    return [username, globalName ?? '', nick ?? ''].some((name) => name.toLowerCase().startsWith(wanted));
  });
  return ok(found.slice(0, pageSize(query, 1_000)).map((member) => apiMember(world, member)));
}

/** The user id in the path, where `@me` is the bot. */
function findUserId(world: World, call: Call): string {
  const id = call.params.user ?? '';
  return id === '@me' ? world.application.botId : id;
}

function getMember(call: Call): Answer {
  const { world, params } = call;
  const guild = guildFor(world, params.guild ?? '');
  const userId = findUserId(world, call);
  if (!world.users.has(userId)) throw discordError('unknownUser');
  return ok(apiMember(world, memberOf(guild, userId)));
}

/** Throws for roles that the bot cannot give: managed roles belong to their integration, and every member has @everyone. */
function requireGivable(world: World, guild: GuildRecord, roleId: string): void {
  const role = guild.roles.get(roleId);
  if (!role) throw discordError('unknownRole');
  if (role.id === guild.id) throw discordError('invalidRole');
  requireRoleBelowBot(world, guild, role);
  if (role.managed) throw discordError('missingPermissions');
}

function changeRole(call: Call, give: boolean): Answer {
  const { world, params } = call;
  const roleId = params.role ?? '';
  const guild = guildFor(world, params.guild ?? '');
  const member = memberOf(guild, findUserId(world, call));
  requireGivable(world, guild, roleId);
  if (member.roles.includes(roleId) !== give) {
    const roles = give ? [...member.roles, roleId] : member.roles.filter((id) => id !== roleId);
    changeMember(world, guild, member, { roles });
  }
  return noContent;
}

function editMember(call: Call): Answer {
  const { world, params } = call;
  const guild = guildFor(world, params.guild ?? '');
  const member = memberOf(guild, findUserId(world, call));
  const { roles, nick } = bodyOf(call);
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

function kick(call: Call): Answer {
  const { world, params } = call;
  const guild = guildFor(world, params.guild ?? '');
  const member = memberOf(guild, findUserId(world, call));
  requireGuildPermission(world, guild, PermissionFlagsBits.KickMembers);
  requireBelowBot(world, guild, member.userId);
  memberLeaves(world, guild, member.userId);
  return noContent;
}

function apiBan(world: World, userId: string, reason: string | null): object {
  return { reason, user: apiUser(getRecord(world.users, userId, 'user')) };
}

function guildForBans({ world, params }: Call): GuildRecord {
  const guild = guildFor(world, params.guild ?? '');
  requireGuildPermission(world, guild, PermissionFlagsBits.BanMembers);
  return guild;
}

function listBans(call: Call): Answer {
  return ok([...guildForBans(call).bans].map(([userId, reason]) => apiBan(call.world, userId, reason)));
}

function getBan(call: Call): Answer {
  const guild = guildForBans(call);
  const userId = findUserId(call.world, call);
  const reason = guild.bans.get(userId);
  if (reason === undefined) throw discordError('unknownBan');
  return ok(apiBan(call.world, userId, reason));
}

function ban(call: Call): Answer {
  const { world } = call;
  const guild = guildForBans(call);
  const userId = findUserId(world, call);
  if (!world.users.has(userId)) throw discordError('unknownUser');
  requireBelowBot(world, guild, userId);
  memberIsBanned(world, guild, userId, null);
  return noContent;
}

function unban(call: Call): Answer {
  const { world } = call;
  const guild = guildForBans(call);
  const userId = findUserId(world, call);
  if (!guild.bans.delete(userId)) throw discordError('unknownBan');
  sendInGuild(world, guild, 'GUILD_BAN_REMOVE', 1 << 2, { user: apiUser(getRecord(world.users, userId, 'user')) });
  return noContent;
}
