import type { SettingKey } from '../../domain/settings/settings.ts';
import { settingsTable } from '../../domain/settings/settings-table.ts';
import { limitSuggestions } from '../options/suggest.ts';

/** What Discord shows to choose a setting with. `others`: a value that is not among the choices can be typed. */
export type SettingControl =
  | { readonly type: 'choices'; readonly choices: readonly string[]; readonly others: boolean }
  | { readonly type: 'channel' }
  | { readonly type: 'role' }
  | { readonly type: 'roles' }
  | { readonly type: 'text' };

export function controlOf(key: SettingKey): SettingControl {
  const { input } = settingsTable[key];
  switch (input.type) {
    case 'limit':
      return { type: 'choices', choices: limitSuggestions, others: true };
    case 'minutes':
      return { type: 'choices', choices: ['12h', '7d', '30d', 'never'], others: true };
    case 'on-off':
      return { type: 'choices', choices: ['on', 'off'], others: false };
    case 'choice':
      return { type: 'choices', choices: input.choices, others: false };
    case 'channel':
    case 'role':
      return { type: input.type };
    case 'role-list':
      return { type: 'roles' };
    case 'choice-list':
    case 'count':
    case 'count-list':
    case 'key-prefix':
    case 'text':
      return { type: 'text' };
  }
}
