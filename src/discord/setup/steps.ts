import {
  manageServerActions,
  roleSetting,
  type Settings,
  type StaffAction,
  staffActions,
} from '../../domain/settings.ts';
import type { Reply, Row } from '../framework/reply.ts';
import { button, row } from '../framework/components.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { describeOutcome, type SettingsOutcome } from '../settings/change-setting.ts';
import { embed } from '../framework/embed.ts';

/** The steps of `/setup`, in their order. What is chosen is set at once, so that nothing is lost on the way. */
export const setupSteps = ['channels', 'customer', 'staff', 'limits', 'apikey', 'done'] as const;
export type SetupStep = (typeof setupSteps)[number];

/** Handlers of `/setup`. */
export const setupHandlers = {
  /** Shows a step; its state is the step. */
  step: 'setup-step',
  /** Takes a channel; its state is the setting. */
  channel: 'setup-channel',
  /** Takes a role; without one, none. */
  customer: 'setup-customer',
  staff: 'setup-staff',
  /** Nobody but those with Moderate Members. */
  staffDefault: 'setup-staff-default',
  limits: 'setup-limits',
  /** Asks for the numbers, then takes them. */
  ownLimits: 'setup-own-limits',
  apiKey: 'setup-api-key',
} as const;

/** What staff roles may do; what needs Manage Server by default stays with it. */
export const everydayActions: readonly StaffAction[] = staffActions.filter(
  (action) => !manageServerActions.includes(action),
);

/** The roles on any list, each once. */
export function staffRoles(settings: Settings): readonly string[] {
  return [...new Set(staffActions.flatMap((action) => settings[roleSetting(action)] ?? []))];
}

export interface StepCard {
  readonly step: SetupStep;
  readonly title: string;
  readonly lines: readonly string[];
  /** At most four. */
  readonly rows: readonly Row[];
  /** What just happened. */
  readonly outcome: SettingsOutcome;
}

/** A step with its way back and on. */
export function stepReply(context: GuildContext, { step, title, lines, rows, outcome }: StepCard): Reply {
  const index = setupSteps.indexOf(step);
  const [before, after] = [setupSteps[index - 1], setupSteps[index + 1]];
  const to = (target: SetupStep) => context.customId(setupHandlers.step, [target]);
  const ways = [
    ...(before ? [button(to(before), 'Back')] : []),
    ...(after ? [button(to(after), after === 'done' ? 'Finish' : 'Next', 'primary')] : []),
  ];
  return {
    content: describeOutcome(outcome),
    embeds: [embed({ title: `Setup ${index + 1}/${setupSteps.length}: ${title}`, lines })],
    rows: [...rows, row(...ways)],
    postable: step === 'done',
  };
}
