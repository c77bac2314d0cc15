/**
 * Why a license is suspended: by staff, after a refund, during a dispute, while a subscription is unpaid, before its
 * purchase arrived, because its owner left or was banned, or because its owner lost the role that claimed it.
 */
export const holdKinds = ['staff', 'refund', 'dispute', 'lapsed', 'placeholder', 'left', 'role'] as const;
export type HoldKind = (typeof holdKinds)[number];

/** One reason to suspend a license. It is set and lifted on its own, so that the end of one never ends another. */
export interface Hold {
  readonly kind: HoldKind;
  readonly at: Date;
  readonly reason: string | null;
}

export function findHold(holds: readonly Hold[], kind: HoldKind): Hold | null {
  return holds.find((hold) => hold.kind === kind) ?? null;
}

/** The holds with this one, in the order of `holdKinds`. One of the same kind that is there already stays as it is. */
export function withHold(holds: readonly Hold[], hold: Hold): readonly Hold[] {
  if (findHold(holds, hold.kind)) return holds;
  return [...holds, hold].sort((a, b) => holdKinds.indexOf(a.kind) - holdKinds.indexOf(b.kind));
}

export function withoutHold(holds: readonly Hold[], kind: HoldKind): readonly Hold[] {
  return holds.filter((hold) => hold.kind !== kind);
}
