import { minuteMs } from '../values/calendar.ts';
import type { CommandError } from '../command-error.ts';
import { parseDuration } from '../expiry.ts';
import { fail, type Result, succeed } from '../values/result.ts';
import type { SettingInput } from './setting-kinds.ts';
import { type SettingKey, settingKeys, type Settings } from './settings.ts';
import { settingsTable } from './settings-table.ts';
import { nearestName } from '../values/text.ts';

/** A setting's new value, as its schema accepts it. */
export interface SettingChange<K extends SettingKey = SettingKey> {
  readonly key: K;
  readonly value: Settings[K];
}

/**
 * Reads a setting from text, as people write it on the command line or in Discord: `on`, `unlimited`, `none`, `unset`,
 * numbers, lists with commas, ids also as mentions. Fails with `unknown-setting` or `invalid-setting`.
 */
export function parseSetting(key: string, text: string): Result<SettingChange, CommandError> {
  const typedKey = key.trim();
  const known = settingKeys.find((name) => name.toLowerCase() === typedKey.toLowerCase());
  if (known === undefined) {
    return fail({ code: 'unknown-setting', key: typedKey.slice(0, 100), nearest: nearestName(typedKey, settingKeys) });
  }
  const { schema, input, allowed } = settingsTable[known];
  for (const reading of readingsOf(input, text)) {
    const parsed = schema.safeParse(reading);
    if (parsed.success) return succeed({ key: known, value: parsed.data });
  }
  return fail({ code: 'invalid-setting', key: known, problem: { code: 'not-allowed', allowed } });
}

/** A setting's value as `parseSetting` reads it back. */
export function settingText<K extends SettingKey>(value: Settings[K], key: K): string {
  const { input } = settingsTable[key];
  const setting: Settings[SettingKey] = value;
  if (setting === null) return nullWord(input);
  if (typeof setting === 'boolean') return setting ? 'on' : 'off';
  if (Array.isArray(setting)) return setting.length > 0 ? setting.join(', ') : emptyListWord(input);
  if (setting === '') return 'none';
  return typeof setting === 'string' && setting.trim() !== setting ? `"${setting}"` : String(setting);
}

const quoted = /^"(.*)"$/s;
const mention = /^<(?:#|@&)(\d{15,20})>$/;
const onOffWords = new Map([
  ...['on', 'true', 'yes'].map((word) => [word, true] as const),
  ...['off', 'false', 'no'].map((word) => [word, false] as const),
]);

/** What a text may mean for a setting, the likeliest first. The first reading that the schema accepts counts. */
function readingsOf(input: SettingInput, text: string): readonly unknown[] {
  const trimmed = text.trim();
  const word = trimmed.toLowerCase();
  switch (input.type) {
    case 'limit':
      return isNullWord(input, word) ? [null] : wholeNumber(word);
    case 'minutes':
      return isNullWord(input, word) ? [null] : [...durationMinutes(word), ...wholeNumber(word)];
    case 'count':
      return wholeNumber(word);
    case 'on-off':
      return [onOffWords.get(word)];
    case 'channel':
    case 'role':
      return [isNullWord(input, word) ? null : withoutMarkup(trimmed)];
    case 'text':
    case 'choice':
      return [withoutMarkup(trimmed), word];
    case 'key-prefix':
      return [word === 'none' ? '' : (quoted.exec(trimmed)?.[1] ?? text)];
    case 'role-list':
      return isNullWord(input, word) ? [null] : listsOf(input, trimmed);
    case 'choice-list':
      return word === 'all' ? [input.choices] : listsOf(input, trimmed);
    case 'count-list':
      return listsOf(input, trimmed).map((items) => [...new Set(items.map(Number))]);
  }
}

function wholeNumber(word: string): readonly number[] {
  return /^\d{1,9}$/.test(word) ? [Number(word)] : [];
}

function durationMinutes(word: string): readonly number[] {
  const durationMs = parseDuration(word);
  return durationMs === null ? [] : [durationMs / minuteMs];
}

/** The list that a text names, without repetitions; none where no item is left of it. */
function listsOf(input: SettingInput, trimmed: string): readonly (readonly string[])[] {
  const word = trimmed.toLowerCase();
  if (word === '[]' || word === emptyListWord(input)) return [[]];
  const items = trimmed
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map(withoutMarkup)
    .filter((item) => item !== '');
  return items.length > 0 ? [[...new Set(items)]] : [];
}

/** Without a mention's markup, and without the quotes of a JSON list. */
function withoutMarkup(text: string): string {
  const item = text.trim().replace(quoted, '$1');
  return mention.exec(item)?.[1] ?? item;
}

function nullWord(input: SettingInput): string {
  if (input.type === 'limit') return 'unlimited';
  return input.type === 'minutes' ? 'never' : 'unset';
}

function emptyListWord(input: SettingInput): string {
  return input.type === 'role-list' ? 'manage-server' : 'none';
}

/** `none` is ambiguous for limits and role lists: people mean “no machine” or “no role” by it, and null means “any”. */
function isNullWord(input: SettingInput, word: string): boolean {
  const isAmbiguous = input.type === 'limit' || input.type === 'role-list';
  return word === 'null' || word === nullWord(input) || (word === 'none' && !isAmbiguous);
}
