import { commandLine } from '../domain/actor.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { licenseFieldOptions, reasonOption, silentOption } from './license-options.ts';
import { findLicense, licenseJson } from './license-row.ts';
import { forgetOf, limitsOf, pointsOf, textOrNone } from './limit-options.ts';

export const editCommand: CliCommand = {
  usage: 'license edit <key>',
  describes: 'change a license',
  options: [
    { flags: '--product <name>', describes: 'move it to this product' },
    ...licenseFieldOptions,
    { flags: '--staff', describes: 'passes every product and version of the guild' },
    { flags: '--no-staff', describes: 'an ordinary license again' },
    reasonOption,
    silentOption,
  ],
  notes:
    '“none” takes a name, note, order or scope away. Its owner changes with “license reassign”, its key with “rekey”.',
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call, call.argument(0));
    const edited = unwrap(
      await call.services.licenses.edit({
        guildId,
        actor: commandLine,
        mayManage: true,
        licenseId,
        product: call.text('product'),
        expires: call.text('expires'),
        limits: limitsOf(call),
        forgetAfter: forgetOf(call),
        scope: textOrNone(call.text('scope')),
        points: pointsOf(call),
        staff: call.flag('staff'),
        name: textOrNone(call.text('name')),
        note: textOrNone(call.text('note')),
        order: textOrNone(call.text('order')),
        reason: call.text('reason'),
        silent: call.flag('silent'),
      }),
    );
    for (const kind of edited.newlyLimited) {
      call.say(`Its ${kind.toUpperCase()}s were not limited so far: the slots fill anew by use.`);
    }
    for (const kind of edited.shutOut) {
      call.say(`Its ${kind.toUpperCase()} limit is 0 now: nobody gets in, not even known machines.`);
    }
    const view = unwrap(await call.services.licenses.view(guildId, licenseId));
    const changes = edited.changes.map(({ field, before, after }) => `  ${field}: ${before} → ${after}`);
    return {
      json: { license: licenseJson(view, null) },
      text: [`License ${licenseId} is changed.`, ...changes].join('\n'),
    };
  },
};
