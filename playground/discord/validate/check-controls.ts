import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import {
  choiceField,
  integerField,
  isObject,
  listField,
  objectField,
  textField,
  urlField,
  type Json,
} from './check-fields.ts';
import type { Path, Problems } from './problems.ts';

/** The custom ids found so far in one message or modal, in which they must be unique. */
export interface UsedIds {
  readonly customIds: Set<string>;
}

/** Checks a custom id, which must be unique within its message or modal. */
export function checkCustomId(problems: Problems, path: Path, value: unknown, seen: UsedIds): void {
  const customId = textField(problems, path, value, { min: 1, max: 100, required: true });
  if (customId === undefined) return;
  if (seen.customIds.has(customId)) {
    problems.add(path, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
  }
  seen.customIds.add(customId);
}

/** Checks a button: a link has a URL and no custom id, all others a custom id and no URL. */
export function checkButton(problems: Problems, path: Path, button: Json, seen: UsedIds): void {
  const { style, label, emoji, url, custom_id: customId, sku_id: skuId } = button;
  const known = choiceField(problems, [...path, 'style'], style, [1, 2, 3, 4, 5, 6]);
  textField(problems, [...path, 'label'], label, { max: 80 });
  if (known === ButtonStyle.Link) {
    if (customId !== undefined && customId !== null) {
      problems.add(
        [...path, 'custom_id'],
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      );
    }
    if (url === undefined || url === null)
      problems.add([...path, 'url'], 'BASE_TYPE_REQUIRED', 'This field is required');
    else {
      textField(problems, [...path, 'url'], url, { max: 512 });
      urlField(problems, [...path, 'url'], url, ['http', 'https', 'discord']);
    }
  } else if (known === ButtonStyle.Premium) {
    textField(problems, [...path, 'sku_id'], skuId, { required: true });
  } else {
    if (url !== undefined && url !== null) {
      problems.add(
        [...path, 'url'],
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      );
    }
    checkCustomId(problems, [...path, 'custom_id'], customId, seen);
  }
  const hasLabel = typeof label === 'string' && label.length > 0;
  if (known !== ButtonStyle.Premium && !hasLabel && !isObject(emoji)) {
    problems.add([...path, 'label'], 'BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED', 'A label or emoji is required');
  }
}

export const selectTypes: readonly unknown[] = [
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];

/** Checks a select of any type. */
export function checkSelect(problems: Problems, path: Path, select: Json, seen: UsedIds): void {
  const { type, custom_id: customId, placeholder, options, min_values: minValues, max_values: maxValues } = select;
  checkCustomId(problems, [...path, 'custom_id'], customId, seen);
  textField(problems, [...path, 'placeholder'], placeholder, { max: 150 });
  const min = integerField(problems, [...path, 'min_values'], minValues, { min: 0, max: 25 }) ?? 1;
  const max = integerField(problems, [...path, 'max_values'], maxValues, { min: 1, max: 25 }) ?? 1;
  if (min > max)
    problems.add(
      [...path, 'min_values'],
      'SELECT_COMPONENT_MIN_VALUES_TOO_LARGE',
      'Min values must be at most max values',
    );
  if (type !== ComponentType.StringSelect) return;
  const list = checkOptions(problems, [...path, 'options'], options);
  if (list.length > 0 && max > list.length) {
    problems.add(
      [...path, 'max_values'],
      'SELECT_COMPONENT_MAX_VALUES_TOO_LARGE',
      `Must be ${list.length} or fewer: there are no more options`,
    );
  }
  const preset = list.filter((option) => isObject(option) && option.default === true).length;
  if (preset > max)
    problems.add([...path, 'options'], 'SELECT_COMPONENT_TOO_MANY_DEFAULTS', 'More default options than max values');
}

/** Checks the options of a string select, a radio group or a checkbox group, and returns them. */
export function checkOptions(problems: Problems, path: Path, value: unknown): readonly unknown[] {
  const options = listField(problems, path, value, { min: 1, max: 25, required: true });
  const values = new Set<string>();
  for (const [index, raw] of options.entries()) {
    const at = [...path, index];
    const option = objectField(problems, at, raw);
    textField(problems, [...at, 'label'], option.label, { max: 100, required: true });
    textField(problems, [...at, 'description'], option.description, { max: 100 });
    const text = textField(problems, [...at, 'value'], option.value, { max: 100, required: true });
    if (text === undefined) continue;
    if (values.has(text)) {
      problems.add(
        [...at, 'value'],
        'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      );
    }
    values.add(text);
  }
  return options;
}
