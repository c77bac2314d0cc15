import { type APIModalInteractionResponseCallbackData, ComponentType } from 'discord-api-types/v10';
import { type Json, asText } from '../validate/check-fields.ts';
import type { InteractionRecord } from '../world/model.ts';
import { type VisibleOption, allComponents, optionalText, toVisibleOptions } from './visible-message.ts';

/** A field of a modal: an input with its label. */
export interface VisibleField {
  readonly customId: string;
  readonly label: string;
  readonly description: string | undefined;
  readonly type: ComponentType;
  readonly value: string | undefined;
  readonly placeholder: string | undefined;
  readonly required: boolean;
  readonly style: number | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly options: readonly VisibleOption[];
}

/** A modal as the user sees it. */
export interface VisibleModal {
  /** The interaction that it answered. */
  readonly interactionId: string;
  readonly customId: string;
  readonly title: string;
  readonly fields: readonly VisibleField[];
  readonly text: string;
}

/** The modal that answered the interaction; undefined: it was answered otherwise, or not yet. */
export function toVisibleModal(interaction: InteractionRecord): VisibleModal | undefined {
  const { modal } = interaction;
  if (!modal) return undefined;
  const fields = (modal.components as unknown as Json[]).flatMap(toVisibleFields);
  return {
    interactionId: interaction.id,
    customId: modal.custom_id,
    title: modal.title,
    fields,
    text: [modal.title, ...modalTexts(modal), ...fields.flatMap(({ label, description }) => [label, description ?? ''])]
      .filter(Boolean)
      .join('\n'),
  };
}

function modalTexts({ components }: APIModalInteractionResponseCallbackData): string[] {
  return allComponents(components).flatMap(({ type, content }) =>
    type === ComponentType.TextDisplay ? [asText(content)] : [],
  );
}

function toVisibleFields(row: Json): VisibleField[] {
  if (row.type === ComponentType.Label) {
    return [toVisibleField(row.component as Json, optionalText(row.label) ?? '', optionalText(row.description))];
  }
  const children = (row.components ?? []) as Json[];
  return children.map((child) => toVisibleField(child, optionalText(child.label) ?? '', undefined));
}

function toVisibleField(input: Json, label: string, description: string | undefined): VisibleField {
  const number = (name: string) => (typeof input[name] === 'number' ? input[name] : undefined);
  return {
    customId: optionalText(input.custom_id) ?? '',
    label,
    description,
    type: input.type as ComponentType,
    value: optionalText(input.value),
    placeholder: optionalText(input.placeholder),
    required: input.required !== false,
    style: number('style'),
    minLength: number('min_length'),
    maxLength: number('max_length'),
    options: toVisibleOptions(input.options),
  };
}
