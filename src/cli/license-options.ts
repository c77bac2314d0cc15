import { parseSnowflake } from '../domain/values/ids.ts';
import { type CliOption, type StoreCall, requireYes } from './framework/command.ts';
import { parseClearable } from './framework/option-parsers.ts';
import { forgetOptions, limitOptions, pointOptions } from './limit-options.ts';

export const silentOption: CliOption = { flags: '--silent', description: 'send the owner no message' };
export const reasonOption: CliOption = { flags: '--reason <text>', description: 'a reason, which the owner is sent' };

/** The fields of a license that `license issue` and `license edit` set. */
export const licenseFieldOptions: readonly CliOption[] = [
  {
    flags: '--expires <when>',
    description: 'never, 2027-01-31, 12h, 30d, 6mo, 1y, or 30d@activation (from first use)',
  },
  ...limitOptions,
  ...forgetOptions,
  { flags: '--scope <text>', description: 'the scope that its checks must name (LicenseGate)' },
  ...pointOptions,
  { flags: '--name <text>', description: 'a name for the license' },
  { flags: '--note <text>', description: 'a note that only staff see' },
  { flags: '--order <text>', description: "the shop's order reference" },
];

/**
 * The owner of `--owner`; null for none, undefined where it was not given. A spreadsheet keeps 15 digits of a number and
 * writes zeros for the others, so an id that ends like this needs `--yes`: of real ones, one in a thousand does.
 */
export function readOwner(call: StoreCall): string | null | undefined {
  const owner = parseClearable(call.text('owner'));
  const id = owner === null || owner === undefined ? null : parseSnowflake(owner);
  if (id !== null && /^\d{13,}000$/.test(id)) {
    requireYes(
      call,
      `The owner's id ${id} looks as if a spreadsheet had rounded it: ids of over 15 digits then end in 000.`,
    );
  }
  return owner;
}
