import { ApplicationCommandOptionType, ApplicationCommandType } from 'discord-api-types/v10';
import {
  asText,
  choiceField,
  integerField,
  isObject,
  listField,
  objectField,
  textField,
  type Json,
} from './check-fields.ts';
import type { Path, Problems } from './problems.ts';

/** https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming */
const chatInputName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const maxTotalText = 8_000;
const nested: readonly unknown[] = [
  ApplicationCommandOptionType.Subcommand,
  ApplicationCommandOptionType.SubcommandGroup,
];
const withChoices: readonly unknown[] = [
  ApplicationCommandOptionType.String,
  ApplicationCommandOptionType.Integer,
  ApplicationCommandOptionType.Number,
];

/** The type of a command; without one it is a slash command. */
export function commandType(command: Json): ApplicationCommandType {
  return (command.type ?? ApplicationCommandType.ChatInput) as ApplicationCommandType;
}

/** Adds a problem for every rule of Discord that the command breaks. */
export function checkCommand(problems: Problems, path: Path, value: unknown): void {
  const command = objectField(problems, path, value);
  const type = choiceField(problems, [...path, 'type'], commandType(command), [1, 2, 3]);
  if (type === ApplicationCommandType.ChatInput) {
    checkName(problems, [...path, 'name'], command.name);
    checkLocalizedNames(problems, [...path, 'name_localizations'], command.name_localizations);
    textField(problems, [...path, 'description'], command.description, { min: 1, max: 100, required: true });
    checkOptions(problems, [...path, 'options'], command.options, 0);
  } else {
    textField(problems, [...path, 'name'], command.name, { min: 1, max: 32, required: true });
    if (typeof command.description === 'string' && command.description !== '') {
      problems.add(
        [...path, 'description'],
        'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION',
        'Context menu commands cannot have description',
      );
    }
    if (Array.isArray(command.options) && command.options.length > 0) {
      problems.add(
        [...path, 'options'],
        'APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS',
        'Context menu commands cannot have options',
      );
    }
  }
  checkVisibility(problems, path, command);
  if (countCharacters(command) > maxTotalText) {
    problems.add(path, 'APPLICATION_COMMAND_TOO_LARGE', `Command exceeds maximum size (${maxTotalText})`);
  }
}

function checkVisibility(problems: Problems, path: Path, command: Json): void {
  const { default_member_permissions: permissions, contexts, integration_types: types } = command;
  if (permissions !== undefined && permissions !== null && !/^\d{1,20}$/.test(asText(permissions))) {
    problems.add([...path, 'default_member_permissions'], 'NUMBER_TYPE_COERCE', 'Value is not a permission bit set.');
  }
  for (const [name, list, choices] of [
    ['contexts', contexts, [0, 1, 2]],
    ['integration_types', types, [0, 1]],
  ] as const) {
    const given = listField(problems, [...path, name], list, { min: 1, max: choices.length });
    for (const [index, one] of given.entries()) choiceField<unknown>(problems, [...path, name, index], one, choices);
  }
}

function checkName(problems: Problems, path: Path, value: unknown): void {
  const name = textField(problems, path, value, { min: 1, max: 32, required: true });
  if (!name || name.length > 32) return;
  if (!chatInputName.test(name)) {
    problems.add(path, 'STRING_TYPE_REGEX', 'String value did not match validation regex.');
  } else if (name !== name.toLowerCase()) {
    problems.add(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid: it must be lower case');
  }
}

function checkLocalizedNames(problems: Problems, path: Path, value: unknown): void {
  if (!isObject(value)) return;
  for (const [locale, name] of Object.entries(value)) if (name !== null) checkName(problems, [...path, locale], name);
}

function checkOptions(problems: Problems, path: Path, value: unknown, depth: number): void {
  const options = listField(problems, path, value, { max: 25 }).map((raw, index) =>
    objectField(problems, [...path, index], raw),
  );
  const names = new Set<unknown>();
  let sawOptional = false;
  const nestedCount = options.filter(({ type }) => nested.includes(type)).length;
  if (nestedCount > 0 && nestedCount < options.length) {
    problems.add(
      path,
      'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
      'Sub-command and sub-command group option types are mutually exclusive to all other types',
    );
  }
  for (const [index, option] of options.entries()) {
    const at = [...path, index];
    const type = choiceField(problems, [...at, 'type'], option.type, allowedTypes(depth));
    checkName(problems, [...at, 'name'], option.name);
    checkLocalizedNames(problems, [...at, 'name_localizations'], option.name_localizations);
    textField(problems, [...at, 'description'], option.description, { min: 1, max: 100, required: true });
    if (names.has(option.name)) {
      problems.add([...at, 'name'], 'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', 'Option name already exists');
    }
    names.add(option.name);
    if (type === undefined) continue;
    if (nested.includes(type)) {
      const isGroup = option.type === ApplicationCommandOptionType.SubcommandGroup;
      if (isGroup && !(Array.isArray(option.options) && option.options.length > 0)) {
        problems.add([...at, 'options'], 'BASE_TYPE_REQUIRED', 'This field is required');
      }
      checkOptions(problems, [...at, 'options'], option.options, isGroup ? 1 : 2);
      continue;
    }
    if (option.required !== true) sawOptional = true;
    else if (sawOptional) {
      problems.add(
        at,
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    }
    checkValues(problems, at, option, type);
  }
}

/** The option types allowed at a depth: in a command (0) all; in a group (1) subcommands; in a subcommand (2) values. */
function allowedTypes(depth: number): number[] {
  if (depth === 1) return [1];
  return depth === 0 ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] : [3, 4, 5, 6, 7, 8, 9, 10, 11];
}

function checkValues(problems: Problems, path: Path, option: Json, type: number): void {
  const choices = listField(problems, [...path, 'choices'], option.choices, { max: 25 });
  const isText = type === (ApplicationCommandOptionType.String as number);
  if ((choices.length > 0 || option.autocomplete === true) && !withChoices.includes(type)) {
    problems.add(
      path,
      'APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID',
      'Only string, integer and number options have choices or autocomplete',
    );
  }
  if (choices.length > 0 && option.autocomplete === true) {
    problems.add(
      [...path, 'autocomplete'],
      'APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE',
      'Autocomplete and choices are mutually exclusive',
    );
  }
  checkChoices(problems, [...path, 'choices'], choices, type);
  integerField(problems, [...path, 'min_length'], option.min_length, { min: 0, max: 6_000 });
  integerField(problems, [...path, 'max_length'], option.max_length, { min: 1, max: 6_000 });
  if (!isText && (option.min_length !== undefined || option.max_length !== undefined)) {
    problems.add(path, 'APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID', 'Only string options have lengths');
  }
}

/** Checks the choices of a command option, or those that answer an autocomplete. */
export function checkChoices(problems: Problems, path: Path, choices: readonly unknown[], type: number): void {
  const names = new Set<string>();
  for (const [index, raw] of choices.entries()) {
    const at = [...path, index];
    const choice = objectField(problems, at, raw);
    const name = textField(problems, [...at, 'name'], choice.name, { min: 1, max: 100, required: true });
    if (name !== undefined && names.has(name)) {
      problems.add(
        [...at, 'name'],
        'APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS',
        'Choice name already exists',
      );
    }
    if (name !== undefined) names.add(name);
    if (type === (ApplicationCommandOptionType.String as number)) {
      textField(problems, [...at, 'value'], choice.value, { max: 100, required: true });
    } else if (type === (ApplicationCommandOptionType.Integer as number)) {
      const limit = 2 ** 53;
      integerField(problems, [...at, 'value'], choice.value, { min: -limit, max: limit, required: true });
    } else if (typeof choice.value !== 'number') {
      problems.add([...at, 'value'], 'NUMBER_TYPE_COERCE', 'Value is not a number.');
    }
  }
}

/** The length of all names, descriptions and choice values of a command. Of several localizations the longest counts. */
function countCharacters(node: Json): number {
  const own = (['name', 'description'] as const).reduce((sum, key) => {
    const localized = node[`${key}_localizations`];
    const all = [node[key], ...(isObject(localized) ? Object.values(localized) : [])];
    return sum + Math.max(0, ...all.map((text) => (typeof text === 'string' ? text.length : 0)));
  }, 0);
  const { value, options, choices } = node;
  const children = [options, choices].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  const below = children.reduce<number>((sum, child) => sum + (isObject(child) ? countCharacters(child) : 0), 0);
  return own + (typeof value === 'string' ? value.length : 0) + below;
}
