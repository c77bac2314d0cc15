import { type SettingKey, settingKeys } from '../../domain/settings.ts';

/** The settings in groups that people look for, each in exactly one. */
export const sections = ['limits', 'keys', 'programs', 'channels', 'staff', 'buyers', 'records'] as const;
export type Section = (typeof sections)[number];

export const sectionTitles: Readonly<Record<Section, string>> = {
  limits: 'Limits of machines',
  keys: 'New keys',
  programs: 'Client programs',
  channels: 'Log channels',
  staff: 'Who of the staff may do what',
  buyers: 'Buyers and members',
  records: 'Records and language',
};

const prefixes: readonly (readonly [prefix: string, section: Section])[] = [
  ['limits.', 'limits'],
  ['forgetAfter.', 'limits'],
  ['key.', 'keys'],
  ['tki.', 'programs'],
  ['lukittu.', 'programs'],
  ['sunlicense.', 'programs'],
  ['faxstore.', 'programs'],
  ['licensegate.', 'programs'],
  ['channels.', 'channels'],
  ['roles.customer', 'buyers'],
  ['roles.', 'staff'],
  ['issue.', 'staff'],
  ['reset.', 'buyers'],
  ['remind.', 'buyers'],
  ['dm.', 'buyers'],
  ['claim.', 'buyers'],
  ['member.', 'buyers'],
];

export function sectionOf(key: SettingKey): Section {
  return prefixes.find(([prefix]) => key.startsWith(prefix))?.[1] ?? 'records';
}

export function keysOf(section: Section): readonly SettingKey[] {
  return settingKeys.filter((key) => sectionOf(key) === section);
}

export function findSection(text: string | null | undefined): Section | null {
  return sections.find((section) => section === text) ?? null;
}

export function isSettingKey(text: string): text is SettingKey {
  return (settingKeys as readonly string[]).includes(text);
}
