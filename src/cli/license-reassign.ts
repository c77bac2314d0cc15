import { commandLine } from '../domain/actor.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { reasonOption, silentOption } from './license-options.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { findLicense, licenseJson } from './license-row.ts';
import { textOrNone } from './limit-options.ts';

export const reassignCommand: CliCommand = {
  usage: 'license reassign <key>',
  describes: 'give it to another Discord user',
  options: [
    { flags: '--owner <discord-id>', describes: 'the new owner; “none” for whoever redeems it', required: true },
    { flags: '--keep-machines', describes: 'its machines stay known' },
    { flags: '--new-key', describes: 'the old key ends; prints the new one' },
    reasonOption,
    silentOption,
  ],
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call, call.argument(0));
    const done = unwrap(
      await call.services.licenses.reassign({
        guildId,
        actor: commandLine,
        licenseId,
        ownerId: textOrNone(call.text('owner')) ?? null,
        keepMachines: call.flag('keepMachines'),
        newKey: call.flag('newKey'),
        reason: call.text('reason'),
        silent: call.flag('silent'),
      }),
    );
    if (done.previousOwnerKnowsKey) {
      call.say('The previous owner knows the key: “license rekey” makes a new one.');
    }
    const view = unwrap(await call.services.licenses.view(guildId, licenseId));
    const owner = done.license.ownerId ?? 'nobody until it is redeemed';
    const machines = done.machinesKept ? 'Its machines stay known.' : 'Its machines are forgotten.';
    const key = done.newKey === null ? [] : [done.newKey];
    return {
      json: { license: licenseJson(view, done.newKey) },
      text: [`License ${licenseId} belongs to ${owner}. ${machines}`, ...key].join('\n'),
    };
  },
};

export const rekeyCommand: CliCommand = {
  usage: 'license rekey <key>',
  describes: 'a new key for a leaked one; machines stay known',
  options: [{ flags: '--new-key <key>', describes: 'bring the new key along' }, reasonOption, silentOption],
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call, call.argument(0));
    const { license, product, key } = unwrap(
      await call.services.licenses.rekey({
        guildId,
        actor: commandLine,
        licenseId,
        key: call.text('newKey'),
        reason: call.text('reason'),
        silent: call.flag('silent'),
      }),
    );
    const settings = unwrap(await call.services.settings.view(guildId));
    return {
      json: { license: licenseJson(rowOf(license, product, settings, call.context.now()), key) },
      text: `License ${licenseId} has a new key; the old one ends now.\n${key}`,
    };
  },
};
