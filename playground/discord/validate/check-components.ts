import { ComponentType } from 'discord-api-types/v10';
import { checkButton, checkSelect, selectTypes, type UsedIds } from './check-controls.ts';
import { choiceField, integerField, isObject, listField, objectField, textField, type Json } from './check-fields.ts';
import type { Path, Problems } from './problems.ts';

const maxRows = 5;
const maxComponents = 40;
const maxText = 4_000;
const inContainer = [
  ComponentType.ActionRow,
  ComponentType.Section,
  ComponentType.TextDisplay,
  ComponentType.MediaGallery,
  ComponentType.File,
  ComponentType.Separator,
];
const topLevel = [...inContainer, ComponentType.Container];
const inRow = [
  ComponentType.Button,
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
];

/** Counts over all components of one message. */
interface Tally extends UsedIds {
  /** The names of files to which `attachment://` may refer. */
  readonly fileNames: readonly string[];
  components: number;
  text: number;
}

/** Checks the components of a message: action rows only, or with the flag for version 2 all components. */
export function checkComponents(
  problems: Problems,
  path: Path,
  value: unknown,
  options: { readonly isVersion2: boolean; readonly fileNames: readonly string[] },
): void {
  const tally: Tally = { customIds: new Set(), fileNames: options.fileNames, components: 0, text: 0 };
  const list = listField(problems, path, value, options.isVersion2 ? { max: maxComponents } : { max: maxRows });
  for (const [index, raw] of list.entries()) {
    checkComponent(problems, [...path, index], raw, options.isVersion2 ? topLevel : [ComponentType.ActionRow], tally);
  }
  if (tally.components > maxComponents) {
    problems.add(
      path,
      'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED',
      `Total number of components exceeds the maximum of ${maxComponents}`,
    );
  }
  if (tally.text > maxText) {
    problems.add(
      path,
      'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
      `Components displayable text size exceeds maximum size of ${maxText}`,
    );
  }
}

function checkComponent(
  problems: Problems,
  path: Path,
  raw: unknown,
  allowed: readonly ComponentType[],
  tally: Tally,
): void {
  const component = objectField(problems, path, raw);
  const type = checkType(problems, path, component, allowed);
  if (type === undefined) return;
  tally.components += 1;
  const recurse = (at: Path, child: unknown, types: readonly ComponentType[]) => {
    checkComponent(problems, at, child, types, tally);
  };
  switch (type) {
    case ComponentType.ActionRow:
      checkRow(problems, path, component, tally);
      return;
    case ComponentType.Button:
      checkButton(problems, path, component, tally);
      return;
    case ComponentType.Section: {
      const texts = listField(problems, [...path, 'components'], component.components, {
        min: 1,
        max: 3,
        required: true,
      });
      for (const [index, text] of texts.entries())
        recurse([...path, 'components', index], text, [ComponentType.TextDisplay]);
      if (!isObject(component.accessory))
        problems.add([...path, 'accessory'], 'BASE_TYPE_REQUIRED', 'This field is required');
      else recurse([...path, 'accessory'], component.accessory, [ComponentType.Button, ComponentType.Thumbnail]);
      return;
    }
    case ComponentType.TextDisplay:
      tally.text += (
        textField(problems, [...path, 'content'], component.content, { max: maxText, required: true }) ?? ''
      ).length;
      return;
    case ComponentType.Thumbnail:
      checkMedia(problems, [...path, 'media'], component.media, tally, false);
      return;
    case ComponentType.MediaGallery: {
      const items = listField(problems, [...path, 'items'], component.items, { min: 1, max: 10, required: true });
      for (const [index, item] of items.entries()) {
        const at = [...path, 'items', index];
        checkMedia(problems, [...at, 'media'], objectField(problems, at, item).media, tally, false);
      }
      return;
    }
    case ComponentType.File:
      checkMedia(problems, [...path, 'file'], component.file, tally, true);
      return;
    case ComponentType.Separator:
      if (component.spacing !== undefined) choiceField(problems, [...path, 'spacing'], component.spacing, [1, 2]);
      return;
    case ComponentType.Container: {
      integerField(problems, [...path, 'accent_color'], component.accent_color, { min: 0, max: 0xff_ff_ff });
      const children = listField(problems, [...path, 'components'], component.components, {
        min: 1,
        max: maxComponents,
        required: true,
      });
      for (const [index, child] of children.entries()) recurse([...path, 'components', index], child, inContainer);
      return;
    }
    default:
    // `allowed` never has the other types here: selects are allowed only in rows, text inputs and labels only in modals.
  }
}

/** The type of the component; adds a problem where that type is not allowed here. */
export function checkType(
  problems: Problems,
  path: Path,
  component: Json,
  allowed: readonly ComponentType[],
): ComponentType | undefined {
  const found = allowed.find((type) => type === component.type);
  if (found !== undefined) return found;
  problems.add(
    [...path, 'type'],
    'UNION_TYPE_CHOICES',
    `Value of field "type" must be one of (${allowed.join(', ')}).`,
  );
  return undefined;
}

/** A row holds one to five buttons, or one select. */
function checkRow(problems: Problems, path: Path, row: Json, tally: Tally): void {
  const at = [...path, 'components'];
  const children = listField(problems, at, row.components, { min: 1, max: 5, required: true });
  const selects = children.filter((child) => isObject(child) && selectTypes.includes(child.type));
  if (selects.length > 0 && children.length > 1) {
    problems.add(at, 'COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'The specified component exceeds the maximum width');
  }
  for (const [index, raw] of children.entries()) {
    const child = objectField(problems, [...at, index], raw);
    const type = checkType(problems, [...at, index], child, inRow);
    if (type === undefined) continue;
    tally.components += 1;
    if (type === ComponentType.Button) checkButton(problems, [...at, index], child, tally);
    else checkSelect(problems, [...at, index], child, tally);
  }
}

function checkMedia(problems: Problems, path: Path, raw: unknown, tally: Tally, onlyAttachments: boolean): void {
  const url = textField(problems, [...path, 'url'], objectField(problems, path, raw).url, {
    max: 2_048,
    required: true,
  });
  if (url === undefined) return;
  const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
  if (name !== undefined && !tally.fileNames.includes(name)) {
    problems.add([...path, 'url'], 'COMPONENT_MEDIA_ATTACHMENT_NOT_FOUND', 'The referenced attachment was not found');
  }
  if (name === undefined && (onlyAttachments || !/^https?:\/\//.test(url))) {
    problems.add(
      [...path, 'url'],
      'URL_TYPE_INVALID_SCHEME',
      `Scheme must be one of (${onlyAttachments ? "'attachment'" : "'attachment', 'http', 'https'"}).`,
    );
  }
}
