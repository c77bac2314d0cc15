import { type SettingSection, settingSections } from '../../domain/settings/setting-kinds.ts';

export const sectionTitles: Readonly<Record<SettingSection, string>> = {
  limits: 'Limits of machines',
  keys: 'New keys',
  programs: 'Client programs',
  channels: 'Log channels',
  staff: 'Who of the staff may do what',
  buyers: 'Buyers and members',
  records: 'Records and language',
};

/** The section of this name; null: there is none. */
export function findSection(text: string | null | undefined): SettingSection | null {
  return settingSections.find((section) => section === text) ?? null;
}
