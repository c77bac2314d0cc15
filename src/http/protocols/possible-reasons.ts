import type { CheckDefinition, DenialOf } from '../../domain/check.ts';
import { type Denial, denials, type UnknownGuildReason } from '../../domain/denial.ts';
import type { AuthClass } from '../route.ts';

/** What says which guild a check is for. */
export type CheckAuth = Exclude<AuthClass, 'public'>;

/** Why a check is not granted. */
export type Reason = Denial | UnknownGuildReason;

/** Denials that do not come from a protocol's rules but from the server, which every protocol can therefore have. */
const serverDenials = ['malformed', 'rate-limited', 'store-unavailable'] as const satisfies readonly Denial[];

/** Why no guild is found, by what says which guild a request is for. */
export const unknownGuildReasons = {
  'api-key': ['api-key-missing', 'api-key-unknown'],
  'license-key': [],
  'product-id': ['product-id-unknown'],
  'team-id': ['team-unknown'],
  'user-id': ['user-unknown'],
} as const satisfies Readonly<Record<CheckAuth, readonly UnknownGuildReason[]>>;

/** The reasons that a protocol can have: the denials of its rules and of the server, and why it finds no guild. */
export type PossibleReason<C extends CheckDefinition, A extends CheckAuth> =
  DenialOf<C> | (typeof serverDenials)[number] | (typeof unknownGuildReasons)[A][number];

/** The denials that routes can have, in the order of `denials`. */
export function possibleDenials(routes: readonly { readonly definition: CheckDefinition }[]): readonly Denial[] {
  const ofRules = routes.flatMap(({ definition }) => definition.rules.map(({ denial }) => denial));
  const possible = new Set<Denial>([...ofRules, ...serverDenials]);
  return denials.filter((denial) => possible.has(denial));
}

/**
 * A protocol's words for a reason. Its table has only the reasons that are possible in it; every other reason gets
 * `generic`, such as an attempt of another protocol that is shown in this one's words.
 */
export function wordsFor<R extends Reason, W>(table: Readonly<Record<R, W>>, reason: Reason, generic: W): W {
  return isIn(table, reason) ? table[reason] : generic;
}

function isIn<R extends Reason>(table: Readonly<Record<R, unknown>>, reason: Reason): reason is R {
  return Object.hasOwn(table, reason);
}
