import { commandLine } from '../domain/actor.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { reasonOption, silentOption } from './license-options.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { findLicense } from './license-row.ts';
import { newOwnerFrom } from './new-owner.ts';

export const reassignLicenseCommand: CliCommand = {
  usage: 'license reassign <key>',
  description: 'give a license to another Discord user',
  options: [
    {
      flags: '--owner <discord-id>',
      description: 'the new owner; none: the user who redeems the key',
      required: true,
    },
    { flags: '--keep-machines', description: 'keep the machines that the license knows' },
    { flags: '--new-key', description: 'replace the key, and print the new one' },
    reasonOption,
    silentOption,
  ],
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call, call.argument(0));
    const reassigned = unwrap(
      await call.services.licenses.reassign({
        guildId,
        actor: commandLine,
        licenseId,
        ownerId: await newOwnerFrom(call),
        keepMachines: call.flag('keepMachines'),
        newKey: call.flag('newKey'),
        reason: call.text('reason'),
        silent: call.flag('silent'),
      }),
    );
    if (reassigned.previousOwnerKnowsKey) {
      call.warn('The previous owner knows the key. “license rekey” replaces it.');
    }
    const view = unwrap(await call.services.licenses.view(guildId, licenseId));
    const owner = reassigned.license.ownerId ?? 'nobody until it is redeemed';
    const machines = reassigned.machinesKept ? 'Its machines stay known.' : 'Its machines are forgotten.';
    const key = reassigned.newKey === null ? [] : [reassigned.newKey];
    return {
      json: { license: licenseJson(view, reassigned.newKey) },
      text: [`License ${licenseId} belongs to ${owner}. ${machines}`, ...key].join('\n'),
    };
  },
};
