import type { Row } from './answer.ts';

/** How the DMs of a change went, for the reply to the person who made it. */
export interface Delivery {
  /** One sentence a DM that did not simply arrive, and for roles that could not be given; empty: all is well. */
  readonly lines: readonly string[];
  /** *Post pick-up here*, where a key did not reach its owner. */
  readonly rows: readonly Row[];
  /** Every DM among the effects arrived. */
  readonly dmArrived: boolean;
}
