import { commandLine } from '../domain/actor.ts';
import { bindingKinds } from '../domain/limits.ts';
import type { CommandError } from '../domain/command-error.ts';
import type { Result } from '../domain/result.ts';
import type { ByStaff } from '../services/context.ts';
import type { LicenseChanged, LicenseService, ResetDone, ResetWhat } from '../services/licenses/license-service.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { type Call, type CliCommand, type CliOption, requireYes, yesOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { reasonOption, silentOption } from './license-options.ts';
import { expiryText, findLicense, licenseJson } from './license-row.ts';
import { counted } from './framework/format.ts';

type One = ByStaff & { readonly licenseId: number };

/** A change of one license that needs no more than the license and perhaps one more word. */
interface Change {
  readonly usage: string;
  readonly describes: string;
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly options?: readonly CliOption[];
  /** What is said before it is done without `--yes`. */
  readonly asks?: (id: number) => string;
  readonly change: (
    licenses: LicenseService,
    one: One,
    word: string,
  ) => Promise<Result<LicenseChanged & Partial<ResetDone>, CommandError>>;
  readonly says: (changed: LicenseChanged & Partial<ResetDone>, word: string) => string;
  readonly showsMachines?: true;
}

const changes: readonly Change[] = [
  {
    usage: 'license suspend <key>',
    describes: 'its checks are refused until it is resumed',
    change: (licenses, one) => licenses.suspend(one),
    says: ({ license }) => `License ${license.id} is suspended.`,
  },
  {
    usage: 'license resume <key>',
    describes: 'end a suspension',
    change: (licenses, one) => licenses.resume(one),
    says: ({ license }) => `License ${license.id} is no longer suspended.`,
  },
  {
    usage: 'license switch <key> <on|off>',
    describes: "its owner's own switch",
    choices: { 'on|off': ['on', 'off'] },
    change: (licenses, one, word) => licenses.switch({ ...one, on: word === 'on' }),
    says: ({ license }, word) => `License ${license.id} is switched ${word}.`,
  },
  {
    usage: 'license extend <key> <term>',
    describes: 'run it longer (30d, 6mo, 1y), from its end or from now if that has passed',
    change: (licenses, one, word) => licenses.extend({ ...one, term: word }),
    says: ({ license }) => `License ${license.id} expires: ${expiryText(license)}.`,
  },
  {
    usage: 'license reset <key> <what>',
    describes: "forget its machines and clear its owner's cooldown",
    choices: { what: [...bindingKinds, 'all'] },
    change: (licenses, one, word) => licenses.reset({ ...one, what: word as ResetWhat & string }),
    says: ({ license, released: forgotten }) => {
      const counts = bindingKinds.map((kind) => counted(forgotten?.[kind] ?? 0, kind.toUpperCase()));
      return `License ${license.id} has forgotten ${counts.join(', ')}.`;
    },
    showsMachines: true,
  },
  {
    usage: 'license delete <key>',
    describes: 'delete it; can be restored for 30 days',
    options: [yesOption],
    asks: (id) => `This deletes license ${id}; it can be restored for 30 days.`,
    change: (licenses, one) => licenses.delete(one),
    says: ({ license }) =>
      `License ${license.id} is deleted. “license restore ${license.id}” brings it back for 30 days.`,
  },
  {
    usage: 'license restore <id>',
    describes: 'bring a deleted license back',
    change: (licenses, one) => licenses.restore(one),
    says: ({ license }) => `License ${license.id} is back.`,
  },
];

async function jsonOf(call: Call, { license, product }: LicenseChanged, showsMachines: boolean): Promise<object> {
  if (showsMachines) {
    return licenseJson(unwrap(await call.services.licenses.view(license.guildId, license.id)), null);
  }
  const settings = unwrap(await call.services.settings.view(license.guildId));
  return licenseJson(rowOf(license, product, settings, call.context.now()), null);
}

export const licenseChangeCommands: readonly CliCommand[] = changes.map(
  ({ usage, describes, choices, options = [], asks, change, says, showsMachines = false }) => ({
    usage,
    describes,
    choices: choices ?? {},
    options: [...options, reasonOption, silentOption],
    run: async (call) => {
      const { id: licenseId, guildId } = await findLicense(call, call.argument(0));
      if (asks) requireYes(call, asks(licenseId));
      const word = call.argument(1);
      const one = {
        guildId,
        actor: commandLine,
        licenseId,
        reason: call.text('reason'),
        silent: call.flag('silent'),
      };
      const changed = unwrap(await change(call.services.licenses, one, word));
      return { json: { license: await jsonOf(call, changed, showsMachines) }, text: says(changed, word) };
    },
  }),
);
