import { commandLine } from '../domain/actor.ts';
import { createReconcileRoles, type RolesReconciled } from '../services/reconcile-roles.ts';
import type { CliCommand } from './framework/command.ts';
import { counted } from './framework/format.ts';

export const rolesCommand: CliCommand = {
  usage: 'roles',
  description: "count the roles that members should no longer have; with --yes, let the bot correct all members' roles",
  options: [{ flags: '--yes', description: 'correct the roles, however many are removed' }],
  notes: 'This also runs every night, but then stops if it would remove more than 10 roles or 5 % of them.',
  run: async (call) => {
    const { id: guildId } = await call.findGuild();
    const { members, alerts } = call.services;
    const reconcile = createReconcileRoles({ storage: call.storage, members, alerts });
    const mode = call.flag('yes') === true ? 'confirmed' : 'dry';
    const result = await reconcile({ guildId, mode, actor: commandLine });
    return { json: { roles: result }, text: describeRoles(result) };
  },
};

function describeRoles({ members, granted, taken, outcome }: RolesReconciled): string {
  const count = `${counted(members, 'member')} with ${counted(granted, 'role')} from Latchkey, ${taken} of them to be removed.`;
  if (outcome === 'busy') return `${count} The bot is still carrying out the last run, so this one was not queued.`;
  if (outcome === 'queued') return `${count} The bot corrects them as soon as it runs.`;
  return `${count} Nothing was changed. Repeat with --yes to correct the roles.`;
}
