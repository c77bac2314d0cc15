import type { CliOption } from './framework/command.ts';
import { forgetOptions, limitOptions, pointOptions } from './limit-options.ts';

export const silentOption: CliOption = { flags: '--silent', describes: 'tell the owner nothing' };
export const reasonOption: CliOption = { flags: '--reason <text>', describes: 'told to the owner' };

/** What `issue` and `edit` can say about a license. */
export const licenseFieldOptions: readonly CliOption[] = [
  { flags: '--expires <when>', describes: 'never, 2027-01-31, 30d, 6mo, 1y or 30d@activation' },
  ...limitOptions,
  ...forgetOptions,
  { flags: '--scope <text>', describes: 'what its checks must name (LicenseGate)' },
  ...pointOptions,
  { flags: '--name <text>', describes: 'a name for it' },
  { flags: '--note <text>', describes: 'for staff only' },
  { flags: '--order <text>', describes: "the shop's reference" },
];
