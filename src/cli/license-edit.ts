import { describeLicenseChanges } from '../texts/license-changes.ts';
import { commandLine } from '../domain/actor.ts';
import type { CliCommand, StoreCall } from './framework/command.ts';
import { UsageError, unwrap } from './framework/errors.ts';
import { type HoldKind, holdKinds } from '../domain/hold.ts';
import { licenseFieldOptions, reasonOption, silentOption } from './license-options.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { findLicense } from './license-row.ts';
import { changedDataOptions, readDataOptions } from './data-options.ts';
import { readForgetAfter, readLimits, readPoints } from './limit-options.ts';
import { InvalidArgumentError } from 'commander';
import { parseClearable, parseOnOff, repeated } from './framework/option-parsers.ts';

export const editLicenseCommand: CliCommand = {
  usage: 'license edit <key>',
  description: 'change a license',
  options: [
    { flags: '--product <name>', description: 'make this its main product, in the place of the one before' },
    repeated('--add-product <name>', 'let it be for this product, too'),
    repeated('--remove-product <name>', 'take a further product from it'),
    {
      flags: '--all-products [on|off]',
      description: 'let it be for every product of the guild, also those to come; off: for those that it names',
      parse: parseOnOff,
    },
    ...licenseFieldOptions,
    ...changedDataOptions,
    { flags: '--staff', description: 'let it pass for every product and version of the guild' },
    { flags: '--no-staff', description: 'make it an ordinary license again' },
    repeated('--hold <kind>', 'suspend it for this reason too', parseHold),
    repeated('--lift <kind>', 'lift this hold', parseHold),
    reasonOption,
    silentOption,
  ],
  notes: '“none” removes a name, note, order or scope. “license reassign” changes the owner, “license rekey” the key.',
  run: async (call) => {
    const { hold, lift } = readHolds(call);
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
        ...readDataOptions(call),
        staff: call.flag('staff'),
        name: parseClearable(call.text('name')),
        note: parseClearable(call.text('note')),
        order: parseClearable(call.text('order')),
        hold,
        lift,
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

/** The holds of an option that may be repeated. */
function parseHold(text: string): HoldKind {
  const kind = holdKinds.find((each) => each === text);
  if (kind) return kind;
  throw new InvalidArgumentError(`Allowed choices are ${holdKinds.join(', ')}.`);
}

function readHolds(call: StoreCall) {
  const [hold, lift] = ['hold', 'lift'].map((option) => call.parsed(option) as readonly HoldKind[] | undefined);
  const both = hold?.find((kind) => lift?.includes(kind));
  if (both !== undefined) throw new UsageError(`--hold ${both} and --lift ${both} contradict each other.`);
  return { hold, lift };
}
