import { ComponentType } from 'discord-api-types/v10';
import { checkType } from './check-components.ts';
import { checkCustomId, checkOptions, checkSelect, type UsedIds } from './check-controls.ts';
import { choiceField, integerField, listField, objectField, textField, type Json } from './check-fields.ts';
import type { Path, Problems } from './problems.ts';

const maxTextInput = 4_000;
const inLabel = [
  ComponentType.StringSelect,
  ComponentType.TextInput,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
  ComponentType.FileUpload,
  ComponentType.RadioGroup,
  ComponentType.CheckboxGroup,
  ComponentType.Checkbox,
];

/** Checks a modal by https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-modal. */
export function checkModal(problems: Problems, path: Path, value: unknown): void {
  const modal = objectField(problems, path, value);
  const seen: UsedIds = { customIds: new Set() };
  textField(problems, [...path, 'custom_id'], modal.custom_id, { min: 1, max: 100, required: true });
  textField(problems, [...path, 'title'], modal.title, { max: 45, required: true });
  const at = [...path, 'components'];
  const rows = listField(problems, at, modal.components, { min: 1, max: 5, required: true });
  for (const [index, raw] of rows.entries()) {
    const row = objectField(problems, [...at, index], raw);
    const type = checkType(problems, [...at, index], row, [
      ComponentType.ActionRow,
      ComponentType.TextDisplay,
      ComponentType.Label,
    ]);
    if (type === ComponentType.ActionRow) checkModalRow(problems, [...at, index], row, seen);
    if (type === ComponentType.Label) checkLabel(problems, [...at, index], row, seen);
    if (type === ComponentType.TextDisplay) {
      textField(problems, [...at, index, 'content'], row.content, { max: 4_000, required: true });
    }
  }
}

/** A text input with its own label in an action row. Discord has deprecated this form, but still accepts it. */
function checkModalRow(problems: Problems, path: Path, row: Json, seen: UsedIds): void {
  const at = [...path, 'components'];
  const children = listField(problems, at, row.components, { min: 1, max: 1, required: true });
  for (const [index, raw] of children.entries()) {
    const child = objectField(problems, [...at, index], raw);
    if (checkType(problems, [...at, index], child, [ComponentType.TextInput]) === undefined) continue;
    textField(problems, [...at, index, 'label'], child.label, { max: 45, required: true });
    checkTextInput(problems, [...at, index], child, seen);
  }
}

function checkLabel(problems: Problems, path: Path, label: Json, seen: UsedIds): void {
  textField(problems, [...path, 'label'], label.label, { max: 45, required: true });
  textField(problems, [...path, 'description'], label.description, { max: 100 });
  const at = [...path, 'component'];
  const child = objectField(problems, at, label.component);
  const type = checkType(problems, at, child, inLabel);
  switch (type) {
    case undefined:
      return;
    case ComponentType.TextInput:
      if (child.label !== undefined) {
        problems.add(
          [...at, 'label'],
          'COMPONENT_LABEL_NOT_ALLOWED',
          'A text input inside a label cannot have its own label',
        );
      }
      checkTextInput(problems, at, child, seen);
      return;
    case ComponentType.FileUpload:
      checkCustomId(problems, [...at, 'custom_id'], child.custom_id, seen);
      integerField(problems, [...at, 'min_values'], child.min_values, { min: 0, max: 10 });
      integerField(problems, [...at, 'max_values'], child.max_values, { min: 1, max: 10 });
      return;
    case ComponentType.RadioGroup:
    case ComponentType.CheckboxGroup:
      checkCustomId(problems, [...at, 'custom_id'], child.custom_id, seen);
      checkOptions(problems, [...at, 'options'], child.options);
      return;
    case ComponentType.Checkbox:
      checkCustomId(problems, [...at, 'custom_id'], child.custom_id, seen);
      return;
    default:
      checkSelect(problems, at, child, seen);
  }
}

function checkTextInput(problems: Problems, path: Path, input: Json, seen: UsedIds): void {
  const { style, value, placeholder, min_length: minLength, max_length: maxLength } = input;
  checkCustomId(problems, [...path, 'custom_id'], input.custom_id, seen);
  choiceField(problems, [...path, 'style'], style, [1, 2]);
  const min = integerField(problems, [...path, 'min_length'], minLength, { min: 0, max: maxTextInput }) ?? 0;
  const max = integerField(problems, [...path, 'max_length'], maxLength, { min: 1, max: maxTextInput }) ?? maxTextInput;
  if (min > max)
    problems.add([...path, 'min_length'], 'TEXT_INPUT_MIN_LENGTH_TOO_LARGE', 'Min length must be at most max length');
  if (typeof value === 'string' && value !== '') textField(problems, [...path, 'value'], value, { min, max });
  else textField(problems, [...path, 'value'], value, { max });
  textField(problems, [...path, 'placeholder'], placeholder, { max: 100 });
}
