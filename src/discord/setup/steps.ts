import type { Settings } from '../../domain/settings/settings.ts';
import {
  manageServerActions,
  roleSetting,
  type StaffAction,
  staffActions,
} from '../../domain/settings/staff-actions.ts';
import type { Reply, Row } from '../framework/reply.ts';
import { button, row } from '../framework/components.ts';
import type { ForeignCommand, GuildContext } from '../framework/command-context.ts';
import { embed } from '../framework/embed.ts';
import { describeForeignCommands } from '../texts/commands.ts';
import { count } from '../texts/phrases.ts';
import { describeOutcome, type SettingsOutcome } from '../settings/change-setting.ts';

/** The steps of `/setup` in order. Each choice is stored at once, so leaving early loses nothing. */
export const setupSteps = ['channels', 'customer', 'staff', 'limits', 'apikey', 'done'] as const;
export type SetupStep = (typeof setupSteps)[number];

/** Handlers of `/setup`. */
export const setupHandlers = {
  /** Shows a step; its state is the step. */
  step: 'setup-step',
  /** Sets a log channel; its state is the setting. */
  channel: 'setup-channel',
  /** Sets the customer role; removes it where no role was chosen. */
  customer: 'setup-customer',
  staff: 'setup-staff',
  /** Clears the staff roles, so that members with Moderate Members are staff. */
  staffDefault: 'setup-staff-default',
  limits: 'setup-limits',
  /** Opens a modal for the numbers, then sets them. */
  ownLimits: 'setup-own-limits',
  /** Sets what happens to HWIDs that identify no machine. */
  placeholders: 'setup-placeholders',
  apiKey: 'setup-api-key',
  /** Removes the commands that another program left; its state is the step that is shown again. */
  removeCommands: 'setup-remove-commands',
} as const;

/** The actions that the staff roles get. Actions that need Manage Server by default are not among them. */
export const everydayActions: readonly StaffAction[] = staffActions.filter(
  (action) => !manageServerActions.includes(action),
);

/** Every role that a staff action lists, once. */
export function staffRoles(settings: Settings): readonly string[] {
  return [...new Set(staffActions.flatMap((action) => settings[roleSetting(action)] ?? []))];
}

export interface StepCard {
  readonly step: SetupStep;
  readonly title: string;
  readonly lines: readonly string[];
  /** At most four. */
  readonly rows: readonly Row[];
  /** Commands that another program left, and which this step offers to remove. */
  readonly foreign?: readonly ForeignCommand[];
  /** The outcome of the last change. */
  readonly outcome: SettingsOutcome;
}

/** A step with its buttons *Back* and *Next*. */
export function stepReply(context: GuildContext, card: StepCard): Reply {
  const { step, title, lines, rows, outcome, foreign = [] } = card;
  const index = setupSteps.indexOf(step);
  const [before, after] = [setupSteps[index - 1], setupSteps[index + 1]];
  const to = (target: SetupStep) => context.customId(setupHandlers.step, [target]);
  const ways = [
    ...(before ? [button(to(before), 'Back')] : []),
    ...(after ? [button(to(after), after === 'done' ? 'Finish' : 'Next', 'primary')] : []),
    ...(foreign.length === 0
      ? []
      : [
          button(
            context.customId(setupHandlers.removeCommands, [step]),
            `Remove ${count(foreign.length, 'old command')}`,
          ),
        ]),
  ];
  const left = foreign.length === 0 ? [] : [describeForeignCommands(foreign)];
  return {
    content: describeOutcome({ ...outcome, warnings: [...outcome.warnings, ...left] }),
    embeds: [embed({ title: `Setup ${index + 1}/${setupSteps.length}: ${title}`, lines })],
    rows: [...rows, row(...ways)],
    postable: step === 'done',
  };
}
