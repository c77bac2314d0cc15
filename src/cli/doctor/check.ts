import type { Config } from '../../../config/schema.ts';
import type { CliContext, OpenedStore } from '../framework/context.ts';

export interface Finding {
  readonly name: string;
  /** false: something does not work as it should, and `doctor` ends with exit code 1. */
  readonly ok: boolean;
  readonly detail: string;
  /** What to do about it, or how to improve something that works. null: nothing to do. */
  readonly fix: string | null;
}

/** The facts that the checks examine. */
export interface DoctorContext {
  readonly config: Config;
  readonly now: Date;
  readonly platform: NodeJS.Platform;
  readonly isServerRunning: boolean;
  readonly inspectCommands: CliContext['inspectCommands'];
  /** null: the store could not be opened. */
  readonly opened: OpenedStore | null;
  /** Why the store could not be opened; null: it is open. */
  readonly openError: string | null;
}

type CheckResult = Omit<Finding, 'name'>;

export interface Check {
  readonly name: string;
  /** null: the check does not apply to this installation. */
  readonly run: (context: DoctorContext) => Promise<CheckResult | null> | CheckResult | null;
}

export const passed = (detail: string): CheckResult => ({ ok: true, detail, fix: null });
export const advice = (detail: string, fix: string): CheckResult => ({ ok: true, detail, fix });
export const failed = (detail: string, fix: string): CheckResult => ({ ok: false, detail, fix });

/** Runs one check. A check that throws becomes a failed finding, so that the others are still reported. */
export async function runCheck({ name, run }: Check, context: DoctorContext): Promise<readonly Finding[]> {
  try {
    const result = await run(context);
    return result ? [{ name, ...result }] : [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      { name, ...failed(`This could not be checked: ${reason}`, 'Fix what the message names, then run this again.') },
    ];
  }
}
