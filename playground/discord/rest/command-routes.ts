import type { APIApplicationCommand } from 'discord-api-types/v10';
import { checkCommand, commandType } from '../validate/check-command.ts';
import { asText, isObject, type Json } from '../validate/check-fields.ts';
import { invalid, Problems } from '../validate/problems.ts';
import type { World } from '../world/world.ts';
import { requireGuild } from './access.ts';
import { discordError } from './errors.ts';
import { bodyOf, created, noContent, ok, type RestResponse, type RestRequest, type Route } from './route.ts';

type Commands = Map<string, APIApplicationCommand>;

/** The maximum number of commands of each type, globally and per guild. */
const maxCommands: Readonly<Record<number, number>> = { 1: 100, 2: 15, 3: 15 };

const globalPath = '/applications/:application/commands';
const guildPath = '/applications/:application/guilds/:guild/commands';

const scopedRoutes = [globalPath, guildPath].flatMap((path): Route[] => [
  { method: 'GET', path, auth: 'bot', handle: (request) => ok([...scopeOf(request).values()]) },
  { method: 'PUT', path, auth: 'bot', handle: overwriteCommands },
  { method: 'POST', path, auth: 'bot', handle: createCommand },
  { method: 'GET', path: `${path}/:command`, auth: 'bot', handle: (request) => ok(commandOf(request)) },
  { method: 'PATCH', path: `${path}/:command`, auth: 'bot', handle: editCommand },
  { method: 'DELETE', path: `${path}/:command`, auth: 'bot', handle: deleteCommand },
]);

export const commandRoutes: readonly Route[] = [
  { method: 'GET', path: `${guildPath}/permissions`, auth: 'bot', handle: listPermissions },
  { method: 'GET', path: `${guildPath}/:command/permissions`, auth: 'bot', handle: getPermissions },
  {
    method: 'PUT',
    path: `${guildPath}/:command/permissions`,
    auth: 'bot',
    // Discord allows this only with the Bearer token of a user.
    handle: () => {
      throw discordError('botsCannotUse');
    },
  },
  ...scopedRoutes,
];

function requireOwnApplication({ world, params }: RestRequest): void {
  if (params.application !== world.application.id) throw discordError('applicationNotYours');
}

function scopeOf(request: RestRequest): Commands {
  requireOwnApplication(request);
  const guildId = request.params.guild;
  return guildId === undefined ? request.world.application.commands : requireGuild(request.world, guildId).commands;
}

function commandOf(request: RestRequest): APIApplicationCommand {
  const command = scopeOf(request).get(request.params.command ?? '');
  if (!command) throw discordError('unknownCommand');
  return command;
}

function hasSameName(command: APIApplicationCommand, body: Json): boolean {
  return command.name === body.name && command.type === commandType(body);
}

function requireRoom(commands: readonly { readonly type?: unknown }[]): void {
  for (const [type, max] of Object.entries(maxCommands)) {
    if (commands.filter((one) => (one.type ?? 1) === Number(type)).length > max) throw discordError('tooManyCommands');
  }
}

/** The command as it is stored: the sent fields, and those that Discord fills in. */
function toCommand(request: RestRequest, body: Json, before?: APIApplicationCommand): APIApplicationCommand {
  const { world, params } = request;
  const guildId = params.guild;
  return {
    description: '',
    default_member_permissions: null,
    nsfw: false,
    ...(guildId === undefined && { dm_permission: true, contexts: null, integration_types: [0] }),
    ...before,
    ...body,
    // `dm_permission` is the older form of `contexts`.
    ...(body.dm_permission === false && !Array.isArray(body.contexts) && { contexts: [0] }),
    type: before?.type ?? commandType(body),
    id: before?.id ?? world.newId(),
    application_id: world.application.id,
    ...(guildId !== undefined && { guild_id: guildId }),
    version: world.newId(),
  } as unknown as APIApplicationCommand;
}

function overwriteCommands(request: RestRequest): RestResponse {
  const commands = scopeOf(request);
  const { world, body } = request;
  if (!Array.isArray(body)) throw invalid([], 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
  const list = body as readonly unknown[];
  const problems = new Problems();
  const names = new Set<string>();
  for (const [index, raw] of list.entries()) {
    checkCommand(problems, [index], raw);
    if (!isObject(raw)) continue;
    const key = `${commandType(raw)} ${asText(raw.name)}`;
    if (names.has(key)) {
      problems.add([index, 'name'], 'APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique');
    }
    names.add(key);
  }
  problems.throwIfAny();
  requireRoom(list as readonly Json[]);
  const before = [...commands.values()];
  const next = (list as readonly Json[]).map((given) => {
    const id = before.find((command) => hasSameName(command, given))?.id;
    return { ...toCommand(request, given), ...(id !== undefined && { id }) };
  });
  commands.clear();
  for (const command of next) commands.set(command.id, command);
  world.changed();
  return ok(next);
}

/** Creating a command whose name exists overwrites the existing command, as on Discord. */
function createCommand(request: RestRequest): RestResponse {
  const commands = scopeOf(request);
  const body = bodyOf(request);
  const problems = new Problems();
  checkCommand(problems, [], body);
  problems.throwIfAny();
  const twin = [...commands.values()].find((command) => hasSameName(command, body));
  if (!twin) requireRoom([...commands.values(), body]);
  const command = { ...toCommand(request, body), ...(twin && { id: twin.id }) };
  commands.set(command.id, command);
  request.world.changed();
  return twin ? ok(command) : created(command);
}

function editCommand(request: RestRequest): RestResponse {
  const commands = scopeOf(request);
  const before = commandOf(request);
  const command = toCommand(request, bodyOf(request), before);
  const problems = new Problems();
  checkCommand(problems, [], command);
  problems.throwIfAny();
  commands.set(command.id, command);
  request.world.changed();
  return ok(command);
}

function deleteCommand(request: RestRequest): RestResponse {
  const { id } = commandOf(request);
  scopeOf(request).delete(id);
  request.world.changed();
  return noContent;
}

function permissionSet(world: World, guildId: string, id: string, permissions: unknown): object {
  return { id, application_id: world.application.id, guild_id: guildId, permissions };
}

function listPermissions(request: RestRequest): RestResponse {
  requireOwnApplication(request);
  const guild = requireGuild(request.world, request.params.guild ?? '');
  return ok([...guild.commandPermissions].map(([id, list]) => permissionSet(request.world, guild.id, id, list)));
}

function getPermissions(request: RestRequest): RestResponse {
  requireOwnApplication(request);
  const guild = requireGuild(request.world, request.params.guild ?? '');
  const id = request.params.command ?? '';
  const list = guild.commandPermissions.get(id);
  if (!list) throw discordError('unknownCommandPermissions');
  return ok(permissionSet(request.world, guild.id, id, list));
}
