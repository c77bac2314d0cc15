import type { SettingKey, Settings } from '../../domain/settings/settings.ts';
import type { SelectOption } from '../framework/components.ts';

/** The settings that a preset decides. */
export const presetKeys = [
  'limits.ip',
  'limits.hwid',
  'limits.mac',
  'limits.ipMode',
  'limits.onFull',
  'forgetAfter.ip',
  'forgetAfter.hwid',
] as const satisfies readonly SettingKey[];

export type LimitPatch = Pick<Settings, (typeof presetKeys)[number]>;

export interface LimitPreset {
  readonly id: string;
  readonly label: string;
  readonly why: string;
  readonly patch: LimitPatch;
}

const week = 7 * 24 * 60;

const usual = {
  'limits.mac': null,
  'limits.ipMode': 'strict',
  'limits.onFull': 'refuse',
  'forgetAfter.ip': null,
  'forgetAfter.hwid': null,
} as const;

/** Where customers run the program decides whether its IP or its HWID stays the same between starts. */
export const limitPresets: readonly LimitPreset[] = [
  {
    id: 'panels',
    label: 'On rented panels: 3 IPs, the newest wins; HWIDs unlimited',
    why: 'A panel’s HWID is new after each rebuild; its address changes when it moves to another node.',
    patch: { ...usual, 'limits.ip': 3, 'limits.hwid': null, 'limits.onFull': 'replace-oldest', 'forgetAfter.ip': week },
  },
  {
    id: 'own',
    label: 'On their own servers: 3 IPs, 3 HWIDs',
    why: 'Address and hardware both stay. A server that is gone is forgotten after 8 weeks.',
    patch: { ...usual, 'limits.ip': 3, 'limits.hwid': 3, 'forgetAfter.ip': 8 * week, 'forgetAfter.hwid': 8 * week },
  },
  {
    id: 'home',
    label: 'At home: 2 HWIDs, whose addresses may change',
    why: 'The hardware stays; the address changes, often daily. A known HWID brings its new address along.',
    patch: {
      ...usual,
      'limits.ip': 3,
      'limits.hwid': 2,
      'limits.ipMode': 'follow-hwid',
      'forgetAfter.ip': week,
      'forgetAfter.hwid': 8 * week,
    },
  },
  {
    id: 'mixed',
    label: 'All of that: 5 IPs, 5 HWIDs',
    why: 'How it comes: room for changes, and shared keys are still noticed.',
    patch: { ...usual, 'limits.ip': 5, 'limits.hwid': 5 },
  },
];

export function presetOptions(settings: Settings): readonly SelectOption[] {
  return limitPresets.map(({ id, label, why, patch }) => ({
    label,
    value: id,
    description: why,
    chosen: presetKeys.every((key) => settings[key] === patch[key]),
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
