import { describeLicenseChanges } from '../texts/license-changes.ts';
import { commandLine } from '../domain/actor.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { licenseFieldOptions, reasonOption, silentOption } from './license-options.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { findLicense } from './license-row.ts';
import { readForgetAfter, readLimits, readPoints } from './limit-options.ts';
import { collectTexts, parseClearable, parseOnOff } from './framework/option-parsers.ts';

export const editLicenseCommand: CliCommand = {
  usage: 'license edit <key>',
  description: 'change a license',
  options: [
    { flags: '--product <name>', description: 'make this its main product, in the place of the one before' },
    {
      flags: '--add-product <name>',
      description: 'let it be for this product, too; can be repeated',
      parse: collectTexts,
    },
    {
      flags: '--remove-product <name>',
      description: 'take a further product from it; can be repeated',
      parse: collectTexts,
    },
    {
      flags: '--all-products [on|off]',
      description: 'let it be for every product of the guild, also those to come; off: for those that it names',
      parse: parseOnOff,
    },
    ...licenseFieldOptions,
    { flags: '--staff', description: 'let it pass for every product and version of the guild' },
    { flags: '--no-staff', description: 'make it an ordinary license again' },
    reasonOption,
    silentOption,
  ],
  notes: '“none” removes a name, note, order or scope. “license reassign” changes the owner, “license rekey” the key.',
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call);
    const edited = unwrap(
      await call.services.licenses.edit({
        guildId,
        actor: commandLine,
        mayManage: true,
        licenseId,
        product: call.text('product'),
        addProducts: call.parsed('addProduct') as readonly string[] | undefined,
        removeProducts: call.parsed('removeProduct') as readonly string[] | undefined,
        allProducts: call.flag('allProducts'),
        expires: call.text('expires'),
        limits: readLimits(call),
        forgetAfter: readForgetAfter(call),
        scope: parseClearable(call.text('scope')),
        points: readPoints(call),
        staff: call.flag('staff'),
        name: parseClearable(call.text('name')),
        note: parseClearable(call.text('note')),
        order: parseClearable(call.text('order')),
        reason: call.text('reason'),
        silent: call.flag('silent'),
      }),
    );
    for (const kind of edited.newlyLimited) {
      call.warn(
        `Its ${kind.toUpperCase()}s were unlimited so far: slots fill from now on, as machines use the license.`,
      );
    }
    for (const kind of edited.newlyZero) {
      call.warn(`Its ${kind.toUpperCase()} limit is 0 now: all checks are denied, also those of known machines.`);
    }
    const view = unwrap(await call.services.licenses.view(guildId, licenseId));
    const changes = describeLicenseChanges(edited.before, edited).map(
      ({ field, before, after }) => `  ${field}: ${before} → ${after}`,
    );
    return {
      json: { license: licenseJson(view, null) },
      text: [`License ${licenseId} is changed.`, ...changes].join('\n'),
    };
  },
};
