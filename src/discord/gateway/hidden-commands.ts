import {
  type APIApplicationCommand,
  type APIApplicationCommandPermission,
  type APIGuildApplicationCommandPermissions,
  type APIRole,
  ApplicationCommandPermissionType,
  PermissionFlagsBits,
  type REST,
  Routes,
} from 'discord.js';
import type { Settings } from '../../domain/settings/settings.ts';
import { roleSetting, staffActions } from '../../domain/settings/staff-actions.ts';
import type { HiddenCommands } from '../framework/command-context.ts';
import type { CommandTable } from '../framework/command-table.ts';

export interface HiddenCommandsParts {
  readonly rest: Pick<REST, 'get'>;
  readonly applicationId: string;
  readonly table: Pick<CommandTable, 'accesses'>;
}

/**
 * The staff roles that do not see commands that they may use, with what administrators have set under Server Settings →
 * Integrations taken into account. A role that was deleted has no members and is left out.
 */
export async function findHiddenCommands(
  { rest, applicationId, table }: HiddenCommandsParts,
  guildId: string,
  settings: Settings,
): Promise<readonly HiddenCommands[]> {
  const roleIds = new Set(staffActions.flatMap((action) => settings[roleSetting(action)] ?? []));
  if (roleIds.size === 0) return [];
  const [roles, commands, permissions] = await Promise.all([
    rest.get(Routes.guildRoles(guildId)) as Promise<readonly APIRole[]>,
    rest.get(Routes.applicationCommands(applicationId)) as Promise<readonly APIApplicationCommand[]>,
    rest.get(Routes.guildApplicationCommandsPermissions(applicationId, guildId)) as Promise<
      readonly APIGuildApplicationCommandPermissions[]
    >,
  ]);
  const everyone = BigInt(roles.find(({ id }) => id === guildId)?.permissions ?? 0);
  const entriesOf = (id: string) => permissions.find((one) => one.id === id)?.permissions ?? [];

  function sees(role: APIRole, command: APIApplicationCommand): boolean {
    const bits = BigInt(role.permissions) | everyone;
    if ((bits & PermissionFlagsBits.Administrator) !== 0n) return true;
    // What is set for one command goes before what is set for all commands of the application.
    for (const id of [command.id, applicationId]) {
      const isShown = entryFor(entriesOf(id), role.id) ?? entryFor(entriesOf(id), guildId);
      if (isShown !== undefined) return isShown;
    }
    if (command.default_member_permissions === null) return true;
    const needed = BigInt(command.default_member_permissions);
    // 0 shows the command to administrators alone.
    return needed !== 0n && (bits & needed) === needed;
  }
  const mayUse = (roleId: string, name: string) =>
    staffActions.some(
      (action) => table.accesses.get(name)?.includes(action) && settings[roleSetting(action)]?.includes(roleId),
    );

  return roles
    .filter(({ id }) => roleIds.has(id))
    .map((role) => ({
      role,
      commands: commands
        .filter((command) => mayUse(role.id, command.name) && !sees(role, command))
        .map(({ name }) => name),
    }))
    .filter((hidden) => hidden.commands.length > 0);
}

/** What Integrations say for a role; the role with the id of the guild is @everyone. undefined: nothing. */
function entryFor(entries: readonly APIApplicationCommandPermission[], roleId: string): boolean | undefined {
  return entries.find(({ type, id }) => type === ApplicationCommandPermissionType.Role && id === roleId)?.permission;
}
