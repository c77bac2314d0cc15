import type { CliOption } from './framework/command.ts';
import { forgetOptions, limitOptions, pointOptions } from './limit-options.ts';

export const silentOption: CliOption = { flags: '--silent', description: 'send the owner no message' };
export const reasonOption: CliOption = { flags: '--reason <text>', description: 'a reason, which the owner is sent' };

/** The fields of a license that `license issue` and `license edit` set. */
export const licenseFieldOptions: readonly CliOption[] = [
  { flags: '--expires <when>', description: 'never, 2027-01-31, 30d, 6mo, 1y, or 30d@activation (from first use)' },
  ...limitOptions,
  ...forgetOptions,
  { flags: '--scope <text>', description: 'the scope that its checks must name (LicenseGate)' },
  ...pointOptions,
  { flags: '--name <text>', description: 'a name for the license' },
  { flags: '--note <text>', description: 'a note that only staff see' },
  { flags: '--order <text>', description: "the shop's order reference" },
];
