import { createHash } from 'node:crypto';
import type { Binding } from '../../domain/binding.ts';
import { bindingKinds } from '../../domain/limits.ts';
import type { LicenseView } from '../../services/licenses/license-view.ts';
import type { ResetTarget } from '../../services/licenses/license-service.ts';
import type { Choice } from '../framework/command-context.ts';
import { kindWords } from '../texts/machines.ts';
import type { SelectOption } from '../framework/components.ts';

/** Names a machine of a license within Discord's 100 characters, which HWIDs can exceed. */
export function machineRef({ kind, value }: Pick<Binding, 'kind' | 'value'>): string {
  return `${kind}:${createHash('sha256').update(value).digest('base64url').slice(0, 12)}`;
}

/** What a picked or typed text says to forget: `all`, a kind, a machine by its ref, or a machine by its exact value. */
export function parseResetTarget(text: string, bindings: readonly Binding[]): ResetTarget | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'all') return 'all';
  const kind = bindingKinds.find((each) => each === wanted);
  if (kind) return kind;
  const meant = bindings.find((binding) => machineRef(binding) === text || binding.value === text.trim());
  return meant ? { kind: meant.kind, value: meant.value } : null;
}

/** Choices for what to forget: everything, each kind, then the machines, newest use first. */
export function machineChoices({ bindings, bindingCounts }: LicenseView, typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  const kinds = bindingKinds.map((kind) => ({
    name: `All ${kindWords[kind].many} (${bindingCounts[kind]})`,
    value: kind,
  }));
  const machines = machineOptions(bindings).map(({ label, value }) => ({ name: label, value }));
  return [{ name: 'All machines', value: 'all' }, ...kinds, ...machines].filter(
    ({ name, value }) => name.toLowerCase().includes(wanted) || value === wanted,
  );
}

/** The machines as options of a select. */
export function machineOptions(bindings: readonly Binding[]): readonly SelectOption[] {
  return bindings.map((binding) => ({
    label: `${kindWords[binding.kind].one} ${binding.value}`,
    value: machineRef(binding),
  }));
}
