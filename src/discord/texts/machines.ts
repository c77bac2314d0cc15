import type { Binding } from '../../domain/binding.ts';
import { type BindingKind, bindingKinds, type Limit } from '../../domain/limits.ts';
import { isPlaceholderHwid } from '../../domain/values/placeholder-hwids.ts';
import type { LicenseView } from '../../services/licenses/license-view.ts';
import { codeText } from './escape-text.ts';
import { relativeTime } from './phrases.ts';

export const kindWords: Readonly<Record<BindingKind, { readonly one: string; readonly many: string }>> = {
  ip: { one: 'IP', many: 'IPs' },
  hwid: { one: 'HWID', many: 'HWIDs' },
  mac: { one: 'MAC address', many: 'MAC addresses' },
};

const maxShown = 5;

export function describeLimit(limit: Limit): string {
  return limit === null ? 'unlimited' : String(limit);
}

/** A HWID, and whether it is one at all: any number of machines may have it. */
export function describeHwid(hwid: string, maxLength: number): string {
  return `${codeText(hwid, maxLength)}${isPlaceholderHwid(hwid) ? ' (identifies no machine)' : ''}`;
}

export function describeMachine({ kind, value, lastSeenAt }: Binding): string {
  const shown = kind === 'hwid' ? describeHwid(value, 60) : codeText(value, 60);
  return `${shown}, last seen ${relativeTime(lastSeenAt)}`;
}

/** How many places of a kind are taken: all that are bound, but those that share the place of another one. */
function placesTaken({ bindingCounts, sharedAddresses }: LicenseView, kind: BindingKind): number {
  return bindingCounts[kind] - (kind === 'ip' ? sharedAddresses : 0);
}

/** For each kind, how many of how many are used, and the latest machines. Unlimited kinds without use are left out. */
export function machineFields(view: LicenseView): readonly (readonly [string, string, boolean])[] {
  return bindingKinds.flatMap((kind) => {
    const [used, limit] = [view.bindingCounts[kind], view.limits[kind]];
    if (limit === null && used === 0) return [];
    const shown = view.bindings.filter((binding) => binding.kind === kind).slice(0, maxShown);
    const more = used > shown.length ? [`… and ${used - shown.length} more`] : [];
    const lines = used === 0 ? ['none yet'] : [...shown.map(describeMachine), ...more];
    const title = limit === null ? `${used}, unlimited` : `${placesTaken(view, kind)} of ${describeLimit(limit)}`;
    return [[`${kindWords[kind].many}: ${title}`, lines.join('\n'), false]] as const;
  });
}
