import type { BindingKind } from '../../domain/limits.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { SelectOption } from '../framework/components.ts';

export type LimitPatch = Pick<Settings, `limits.${BindingKind}`>;

export interface LimitPreset {
  readonly id: string;
  readonly label: string;
  readonly why: string;
  readonly patch: LimitPatch;
}

/** Where customers run the program decides whether its IP or its HWID stays the same between starts. */
export const limitPresets: readonly LimitPreset[] = [
  {
    id: 'panels',
    label: 'On rented panels: 3 IPs, HWIDs unlimited',
    why: 'A panel’s address stays; its HWID is new after each rebuild.',
    patch: { 'limits.ip': 3, 'limits.hwid': null, 'limits.mac': null },
  },
  {
    id: 'own',
    label: 'On their own servers: 3 IPs, 3 HWIDs',
    why: 'Address and hardware both stay.',
    patch: { 'limits.ip': 3, 'limits.hwid': 3, 'limits.mac': null },
  },
  {
    id: 'home',
    label: 'At home: IPs unlimited, 2 HWIDs',
    why: 'The hardware stays; the address changes, often daily.',
    patch: { 'limits.ip': null, 'limits.hwid': 2, 'limits.mac': null },
  },
  {
    id: 'mixed',
    label: 'All of that: 5 IPs, 5 HWIDs',
    why: 'How it comes: room for changes, and shared keys are still noticed.',
    patch: { 'limits.ip': 5, 'limits.hwid': 5, 'limits.mac': null },
  },
];

export function presetOptions(settings: Settings): readonly SelectOption[] {
  return limitPresets.map(({ id, label, why, patch }) => ({
    label,
    value: id,
    description: why,
    chosen: Object.entries(patch).every(([key, limit]) => settings[key as keyof LimitPatch] === limit),
  }));
}
