import { commandLine } from '../domain/actor.ts';
import { createReconcileRoles, type RolesReconciled } from '../services/reconcile-roles.ts';
import type { CliCommand } from './framework/command.ts';
import { counted } from './framework/format.ts';

export const rolesCommand: CliCommand = {
  usage: 'roles',
  describes: "count the roles that a run over all members would take; with --yes, let the bot put everyone's right",
  options: [{ flags: '--yes', describes: 'do it, however many roles it takes' }],
  notes: 'The same happens every night, but stops where it would take more than 10 roles or 5 % of them.',
  run: async (call) => {
    const { id: guildId } = await call.guild();
    const { members, alerts } = call.services;
    const reconcile = createReconcileRoles({ storage: call.storage, members, alerts });
    const mode = call.flag('yes') === true ? 'confirmed' : 'dry';
    const result = await reconcile({ guildId, mode, actor: commandLine });
    return { json: { roles: result }, text: describeRoles(result) };
  },
};

function describeRoles({ members, granted, taken, outcome }: RolesReconciled): string {
  const count = `${counted(members, 'member')} with ${counted(granted, 'role')} of ours: ${taken} to be taken.`;
  if (outcome === 'busy') return `${count} The bot is not done with the last run yet; nothing was added.`;
  if (outcome === 'queued') return `${count} The bot puts them right as soon as it runs.`;
  return `${count} Nothing was changed; repeat with --yes to do it.`;
}
