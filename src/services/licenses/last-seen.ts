import { type Attempt, countedAddress } from '../../domain/attempt.ts';
import type { Slot } from '../../domain/binding.ts';
import { bindingKinds } from '../../domain/limits.ts';

/**
 * Bindings of a license as they were really last seen, newest use first. The store writes `lastSeenAt` once an hour, and
 * the license's newest grants have the exact instants of the machines that are in use.
 */
export function seenInGrants(bindings: readonly Slot[], grants: readonly Attempt[]): readonly Slot[] {
  const usesOf = (binding: Slot) => grants.filter((grant) => valueOf(grant, binding.kind) === binding.value);
  const seen = bindings.map((binding) => {
    const times = usesOf(binding).map(({ at }) => at.getTime());
    return { ...binding, lastSeenAt: new Date(Math.max(binding.lastSeenAt.getTime(), ...times)) };
  });
  const byUse = (a: Slot, b: Slot) => b.lastSeenAt.getTime() - a.lastSeenAt.getTime();
  return bindingKinds.flatMap((kind) => seen.filter((binding) => binding.kind === kind).sort(byUse));
}

function valueOf(attempt: Attempt, kind: Slot['kind']): string | null {
  return kind === 'ip' ? countedAddress(attempt) : attempt[kind];
}
