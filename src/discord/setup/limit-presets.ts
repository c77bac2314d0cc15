import type { SettingKey, Settings } from '../../domain/settings/settings.ts';
import type { SelectOption } from '../framework/components.ts';

export type LimitPatch = Pick<Settings, Extract<SettingKey, `limits.${string}`>>;

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

const placeholderChoices = {
  accept: ['Let them in', 'They count like any HWID.'],
  alert: ['Let them in and alert staff', 'How it comes: you hear of each such text once.'],
  refuse: ['Refuse them', 'As if the program had sent no HWID. Lukittu, SunLicense and TKI programs only.'],
} as const satisfies Record<Settings['hwid.placeholders'], readonly [label: string, why: string]>;

export function placeholderOptions(settings: Settings): readonly SelectOption[] {
  return Object.entries(placeholderChoices).map(([value, [label, description]]) => ({
    ...{ label, value, description },
    chosen: settings['hwid.placeholders'] === value,
  }));
}
