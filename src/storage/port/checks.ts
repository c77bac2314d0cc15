import type { CheckOutcome, DecisionRule } from '../../domain/decision.ts';
import type { CheckRequest } from '../../domain/check-request.ts';

export interface Checks {
  /**
   * Answers one check: finds the guild, reads a snapshot, asks `rule`, commits a recorded decision (its attempt, the
   * blacklist entry's hit and, with a grant, its writes) and settles after that commit. Nothing is stored of a decision
   * that is not recorded, or where no guild is found. Decides again if the license changed in between. Settles within
   * 1,800 ms of the call, with the denial `store-unavailable` when the store could not commit; then nothing of it is
   * stored except possibly a grant whose answer failed. Rejects only where `rule` throws.
   *
   * Attempts without a license are stored singly up to 60 a minute and guild, and as counts beyond that.
   */
  decide(request: CheckRequest, rule: DecisionRule): Promise<CheckOutcome>;
  /** Waits for the checks accepted so far. */
  drain(): Promise<void>;
}
