import type { CheckOutcome } from '../domain/decision.ts';
import type { CheckRequest } from '../domain/check-request.ts';
import { type CheckDefinition, decide, decideIfKnown, type IsKnown, screen } from '../domain/check.ts';
import type { Rule } from '../domain/rules.ts';
import type { ServiceContext } from './context.ts';

/** How much of a protocol's check is asked for. */
export type CheckMode =
  /** All rules. */
  | { readonly type: 'full' }
  /** All rules, for clients that are known; the outcome for any other is `not-known`. */
  | { readonly type: 'if-known'; readonly isKnown: IsKnown }
  /** This rule alone; the outcome is `screened` where it has no objection. */
  | { readonly type: 'screening'; readonly rule: Rule };

/**
 * Answers a client program by its protocol's rules (all of them, unless `mode` says otherwise). Never rejects. When it
 * settles, the attempt is recorded; the outcomes `not-known`, `screened` and `unknown-guild` are no attempts, and nothing
 * is stored of them.
 */
export type CheckLicense = (
  definition: CheckDefinition,
  request: CheckRequest,
  mode?: CheckMode,
) => Promise<CheckOutcome>;

const full: CheckMode = { type: 'full' };

export function createCheckLicense({ storage }: Pick<ServiceContext, 'storage'>): CheckLicense {
  return (definition, request, mode = full) =>
    storage.decide(request, (snapshot) => {
      switch (mode.type) {
        case 'full':
          return decide(definition, request, snapshot);
        case 'if-known':
          return decideIfKnown(definition, request, snapshot, mode.isKnown);
        case 'screening':
          return screen(mode.rule, definition, request, snapshot);
      }
    });
}
