import { type SettingKey, settingsSchema } from '../../domain/settings.ts';
import { limitSuggestions } from '../options/suggest.ts';

/** How a setting is chosen in Discord. */
export type SettingInput =
  | { readonly type: 'choices'; readonly choices: readonly string[]; readonly others: boolean }
  | { readonly type: 'channel' }
  | { readonly type: 'role' }
  | { readonly type: 'roles' }
  | { readonly type: 'text' };

export function inputOf(key: SettingKey): SettingInput {
  if (key === 'channels.validMode') return enumInput(key);
  if (key.startsWith('channels.')) return { type: 'channel' };
  if (key === 'roles.customer') return { type: 'role' };
  if (key.startsWith('roles.')) return { type: 'roles' };
  if (key.startsWith('limits.')) return { type: 'choices', choices: limitSuggestions, others: true };
  if (key.startsWith('forgetAfter.')) return { type: 'choices', choices: ['12h', '7d', '30d', 'never'], others: true };
  return enumInput(key);
}

function enumInput(key: SettingKey): SettingInput {
  const schema = settingsSchema.shape[key];
  if (schema.type === 'enum') return { type: 'choices', choices: schema.options, others: false };
  return schema.type === 'boolean' ? { type: 'choices', choices: ['on', 'off'], others: false } : { type: 'text' };
}
