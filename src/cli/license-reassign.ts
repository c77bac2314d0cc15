import { commandLine } from '../domain/actor.ts';
import { type CliCommand, yesOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { reasonOption, silentOption } from './license-options.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { findLicense, warnOfDenyingEntries } from './license-row.ts';
import { newOwnerFrom } from './new-owner.ts';

export const reassignLicenseCommand: CliCommand = {
  usage: 'license reassign <key>',
  takesOrder: true,
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
    yesOption,
  ],
  run: async (call) => {
    const ownerId = await newOwnerFrom(call);
    const { id: licenseId, guildId } = await findLicense(call);
    const reassigned = unwrap(
      await call.services.licenses.reassign({
        guildId,
        actor: commandLine,
        licenseId,
        ownerId,
        keepMachines: call.flag('keepMachines'),
        newKey: call.flag('newKey'),
        reason: call.text('reason'),
        silent: call.flag('silent'),
      }),
    );
    if (reassigned.previousOwnerKnowsKey) {
      call.warn('The previous owner knows the key. “license rekey” replaces it.');
    }
    await warnOfDenyingEntries(call, reassigned.license);
    const view = unwrap(await call.services.licenses.view(guildId, licenseId));
    const newOwner = reassigned.license.ownerId ?? 'nobody until it is redeemed';
    if (reassigned.previousHelperIds.length > 0) {
      call.warn(`It is no longer shared with ${reassigned.previousHelperIds.join(', ')}. Its new owner decides that.`);
    }
    const machines = reassigned.machinesKept ? 'Its machines stay known.' : 'Its machines are forgotten.';
    const key = reassigned.newKey === null ? [] : [reassigned.newKey];
    return {
      json: { license: licenseJson(view, reassigned.newKey) },
      text: [`License ${licenseId} belongs to ${newOwner}. ${machines}`, ...key].join('\n'),
    };
  },
};
