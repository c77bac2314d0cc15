import type { CheckOutcome, DecisionRule } from '../../domain/decision.ts';
import type { CheckRequest } from '../../domain/check-request.ts';

export interface Checks {
  /**
   * Answers one check. The store finds the guild, reads a snapshot, calls `rule` and commits what the rule returns: the
   * attempt and, with a grant, the changes of the license. If the license was changed between the read and the commit,
   * nothing is committed, and `rule` is called again with the new state. Of a decision that the rule does not record,
   * and where no guild is found, nothing is stored.
   *
   * The promise resolves after the commit, and within 1,800 ms of the call. If the store could not commit by then, the
   * outcome is the denial `store-unavailable`; of such a check nothing is stored, or a grant whose commit could not be
   * confirmed in time. The promise rejects only with what `rule` throws.
   *
   * Attempts without a license are stored one by one up to 60 per guild and minute, and as counts beyond that.
   */
  decide(request: CheckRequest, rule: DecisionRule): Promise<CheckOutcome>;
  /** Resolves when every check that was accepted before this call has its outcome. */
  drain(): Promise<void>;
}
