import { commandLine } from '../domain/actor.ts';
import { type HoldKind, holdKinds } from '../domain/hold.ts';
import type { License } from '../domain/license.ts';
import { bindingKinds } from '../domain/limits.ts';
import type { CommandError } from '../domain/command-error.ts';
import type { Result } from '../domain/values/result.ts';
import type { ByStaff } from '../services/context.ts';
import type { LicenseChanged, LicenseService, ResetDone, ResetTarget } from '../services/licenses/license-service.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { type StoreCall, type CliCommand, type CliOption, requireYes, yesOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { reasonOption, silentOption } from './license-options.ts';
import { describeCauses } from '../texts/holds.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { expiryText, findLicense } from './license-row.ts';
import { counted } from './framework/format.ts';

type ChangeTarget = ByStaff & { readonly licenseId: number };

/** A change of one license that takes the license and at most one more argument. */
interface Change {
  readonly usage: string;
  readonly description: string;
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  readonly options?: readonly CliOption[];
  /** The sentence that asks for `--yes`; omitted where the change needs no confirmation. */
  readonly describeLoss?: (id: number) => string;
  readonly apply: (
    licenses: LicenseService,
    target: ChangeTarget,
    argument: string,
    hold: HoldKind | undefined,
  ) => Promise<Result<LicenseChanged & Partial<ResetDone>, CommandError>>;
  readonly describeResult: (changed: LicenseChanged & Partial<ResetDone>, argument: string) => string;
  readonly showsMachines?: true;
}

const changes: readonly Change[] = [
  {
    usage: 'license suspend <key>',
    description: 'deny all checks of a license until it is resumed',
    options: [{ flags: '--hold <kind>', description: 'why it is suspended (default: staff)', choices: holdKinds }],
    apply: (licenses, target, _, hold) => licenses.suspend({ ...target, hold }),
    describeResult: ({ license }) => `License ${license.id} is suspended ${causesOf(license)}.`,
  },
  {
    usage: 'license resume <key>',
    description: 'lift the hold that staff set; “license edit --lift” lifts others',
    apply: (licenses, target) => licenses.resume(target),
    describeResult: ({ license }) =>
      license.holds.length === 0
        ? `License ${license.id} is no longer suspended.`
        : `License ${license.id} is no longer suspended by the staff, but still ${causesOf(license)}: ` +
          `“license edit ${license.id} ${license.holds.map(({ kind }) => `--lift ${kind}`).join(' ')}” lifts that.`,
  },
  {
    usage: 'license switch <key> <on|off>',
    description: 'turn a license on or off, as its owner can',
    choices: { 'on|off': ['on', 'off'] },
    apply: (licenses, target, argument) => licenses.switch({ ...target, on: argument === 'on' }),
    describeResult: ({ license }, argument) => `License ${license.id} is switched ${argument}.`,
  },
  {
    usage: 'license extend <key> <term>',
    description: 'add time (12h, 30d, 6mo, 1y) to its expiry, or to now if it has expired; -30d takes time back',
    apply: (licenses, target, argument) => licenses.extend({ ...target, term: argument.replace('−', '-') }),
    describeResult: ({ license }) => `License ${license.id} expires: ${expiryText(license)}.`,
  },
  {
    usage: 'license reset <key> <what>',
    description: "forget the machines of a license and end its owner's reset cooldown",
    choices: { what: [...bindingKinds, 'all'] },
    apply: (licenses, target, argument) => licenses.reset({ ...target, what: argument as ResetTarget & string }),
    describeResult: ({ license, released }) => {
      const counts = bindingKinds.map((kind) => counted(released?.[kind] ?? 0, kind.toUpperCase()));
      return `License ${license.id} has forgotten ${counts.join(', ')}.`;
    },
    showsMachines: true,
  },
  {
    usage: 'license delete <key>',
    description: 'delete a license; it can be restored for 30 days',
    options: [yesOption],
    describeLoss: (id) => `This deletes license ${id}; it can be restored for 30 days.`,
    apply: (licenses, target) => licenses.delete(target),
    describeResult: ({ license }) =>
      `License ${license.id} is deleted. For 30 days, “license restore ${license.id}” brings it back.`,
  },
  {
    usage: 'license restore <id>',
    description: 'restore a deleted license',
    apply: (licenses, target) => licenses.restore(target),
    describeResult: ({ license }) => `License ${license.id} is restored.`,
  },
];

function causesOf({ holds }: License): string {
  return describeCauses(holds.map(({ kind }) => kind));
}

async function toJson(call: StoreCall, changed: LicenseChanged, showsMachines: boolean): Promise<object> {
  const { license } = changed;
  if (showsMachines) {
    return licenseJson(unwrap(await call.services.licenses.view(license.guildId, license.id)), null);
  }
  const settings = unwrap(await call.services.settings.view(license.guildId));
  const lastActiveAt = await call.services.licenses.lastActiveAt(license.guildId, license.id);
  return licenseJson(rowOf(changed, settings, call.context.now()), null, lastActiveAt);
}

export const licenseChangeCommands: readonly CliCommand[] = changes.map(
  ({ usage, description, choices, options = [], describeLoss, apply, describeResult, showsMachines = false }) => ({
    usage,
    description,
    ...(usage === 'license restore <id>' ? {} : { takesOrder: true as const }),
    choices: choices ?? {},
    options: [...options, reasonOption, silentOption],
    run: async (call) => {
      const { id: licenseId, guildId } = await findLicense(call);
      if (describeLoss) requireYes(call, describeLoss(licenseId));
      const argument = call.argument(1);
      const hold = call.text('hold') as HoldKind | undefined;
      const target = {
        guildId,
        actor: commandLine,
        licenseId,
        reason: call.text('reason'),
        silent: call.flag('silent'),
      };
      const changed = unwrap(await apply(call.services.licenses, target, argument, hold));
      return { json: { license: await toJson(call, changed, showsMachines) }, text: describeResult(changed, argument) };
    },
  }),
);
