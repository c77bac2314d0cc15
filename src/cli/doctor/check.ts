import type { Config } from '../../../config/schema.ts';
import type { Opened } from '../framework/context.ts';

export interface Finding {
  readonly name: string;
  /** False: something does not work as it should, and `doctor` ends with exit code 1. */
  readonly ok: boolean;
  readonly detail: string;
  /** What to do; null: nothing. Also where it is well but could be better. */
  readonly fix: string | null;
}

/** What the checks look at. */
export interface DoctorContext {
  readonly config: Config;
  readonly now: Date;
  readonly platform: NodeJS.Platform;
  readonly isServerRunning: boolean;
  /** null: it could not be opened. */
  readonly opened: Opened | null;
  /** Why it could not be opened. */
  readonly openingFailed: string | null;
}

type Diagnosis = Omit<Finding, 'name'>;

export interface Check {
  readonly name: string;
  /** null: does not apply here. */
  readonly run: (patient: DoctorContext) => Promise<Diagnosis | null> | Diagnosis | null;
}

export const fine = (detail: string): Diagnosis => ({ ok: true, detail, fix: null });
export const advise = (detail: string, fix: string): Diagnosis => ({ ok: true, detail, fix });
export const fault = (detail: string, fix: string): Diagnosis => ({ ok: false, detail, fix });

/** Runs one check; one that throws is a finding of its own. */
export async function runCheck({ name, run }: Check, patient: DoctorContext): Promise<readonly Finding[]> {
  try {
    const diagnosis = await run(patient);
    return diagnosis ? [{ name, ...diagnosis }] : [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ name, ...fault(`This could not be looked at: ${reason}`, 'See whether the message tells why.') }];
  }
}
