import {
  ComponentType,
  MessageFlags,
  type APIEmbed,
  type APIMessageTopLevelComponent,
  type APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import { asText, isObject, type Json } from '../validate/fields.ts';
import type { InteractionRecord, MessageRecord, Pings } from '../world/model.ts';

interface SeenFile {
  readonly id: string;
  readonly name: string;
  readonly contentType: string | undefined;
  readonly url: string;
  readonly data: Buffer;
  /** The contents as UTF-8. */
  readonly text: string;
}

interface SeenButton {
  readonly label: string;
  readonly customId: string | undefined;
  readonly url: string | undefined;
  readonly disabled: boolean;
  readonly style: number;
}

interface SeenOption {
  readonly label: string;
  readonly value: string;
  readonly description: string | undefined;
}

interface SeenSelect {
  readonly customId: string;
  readonly type: ComponentType;
  readonly placeholder: string | undefined;
  readonly disabled: boolean;
  readonly minValues: number;
  readonly maxValues: number;
  readonly options: readonly SeenOption[];
}

/** A message as it looked when it was read. */
export interface SeenMessage {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly buttons: readonly SeenButton[];
  readonly selects: readonly SeenSelect[];
  readonly files: readonly SeenFile[];
  /** Content, embeds and text displays. */
  readonly prose: string;
  /** Everything a person reads: the prose and the labels of buttons and selects. */
  readonly text: string;
  readonly ephemeral: boolean;
  /** "… is thinking" */
  readonly loading: boolean;
  readonly edited: boolean;
  readonly pings: Pings;
  readonly flags: number;
  readonly nonce: string | null;
  /** The message that this one replies to. */
  readonly replyTo: string | undefined;
}

export interface SeenField {
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
  readonly options: readonly SeenOption[];
}

export interface SeenModal {
  /** The interaction that it answered. */
  readonly interactionId: string;
  readonly customId: string;
  readonly title: string;
  readonly fields: readonly SeenField[];
  readonly text: string;
}

export function seenMessage(record: MessageRecord): SeenMessage {
  const parts = allComponents(record.components);
  const buttons = parts.filter(({ type }) => type === ComponentType.Button).map(seenButton);
  const selects = parts.filter(({ type }) => isSelectType(type)).map(seenSelect);
  const displays = parts.flatMap(({ type, content }) => (type === ComponentType.TextDisplay ? [asText(content)] : []));
  const prose = [record.content, ...record.embeds.flatMap(embedTexts), ...displays].filter(Boolean);
  const labels = [...buttons.map(({ label }) => label), ...selects.flatMap(selectTexts)];
  return {
    id: record.id,
    channelId: record.channelId,
    authorId: record.authorId,
    content: record.content,
    embeds: record.embeds,
    components: record.components,
    buttons,
    selects,
    files: record.files.map(({ attachment, data }) => ({
      id: attachment.id,
      name: attachment.filename,
      contentType: attachment.content_type,
      url: attachment.url,
      data,
      text: data.toString(),
    })),
    prose: prose.join('\n'),
    text: [...prose, ...labels].filter(Boolean).join('\n'),
    ephemeral: record.ephemeralFor !== null,
    loading: (record.flags & MessageFlags.Loading) !== 0,
    edited: record.editedAtMs !== null,
    pings: record.pings,
    flags: record.flags,
    nonce: record.nonce,
    replyTo: record.reference?.message_id,
  };
}

/** All components of a message or modal, however deep, in reading order. */
export function allComponents(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(allComponents);
  if (!isObject(value)) return [];
  const { components, accessory, component } = value;
  return [value, ...allComponents(components), ...allComponents(accessory), ...allComponents(component)];
}

export function isSelectType(type: unknown): boolean {
  return type === ComponentType.StringSelect || (typeof type === 'number' && type >= 5 && type <= 8);
}

function seenButton({ label, custom_id: customId, url, disabled, style }: Json): SeenButton {
  return {
    label: optionalText(label) ?? '',
    customId: optionalText(customId),
    url: optionalText(url),
    disabled: disabled === true,
    style: Number(style),
  };
}

function seenSelect(select: Json): SeenSelect {
  return {
    customId: optionalText(select.custom_id) ?? '',
    type: select.type as ComponentType,
    placeholder: optionalText(select.placeholder),
    disabled: select.disabled === true,
    minValues: Number(select.min_values ?? 1),
    maxValues: Number(select.max_values ?? 1),
    options: seenOptions(select.options),
  };
}

function seenOptions(options: unknown): SeenOption[] {
  return ((options ?? []) as Json[]).map(({ label, value, description }) => ({
    label: asText(label),
    value: asText(value),
    description: optionalText(description),
  }));
}

function selectTexts({ placeholder, options }: SeenSelect): string[] {
  return [placeholder ?? '', ...options.flatMap(({ label, description }) => [label, description ?? ''])];
}

function embedTexts({ title, description, fields, footer, author }: APIEmbed): string[] {
  const lines = (fields ?? []).flatMap(({ name, value }) => [name, value]);
  return [author?.name ?? '', title ?? '', description ?? '', ...lines, footer?.text ?? ''];
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function seenModal(interaction: InteractionRecord): SeenModal | undefined {
  const { modal } = interaction;
  if (!modal) return undefined;
  const fields = (modal.components as unknown as Json[]).flatMap(fieldsOf);
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

function fieldsOf(row: Json): SeenField[] {
  if (row.type === ComponentType.Label) {
    return [seenField(row.component as Json, optionalText(row.label) ?? '', optionalText(row.description))];
  }
  const children = (row.components ?? []) as Json[];
  return children.map((child) => seenField(child, optionalText(child.label) ?? '', undefined));
}

function seenField(input: Json, label: string, description: string | undefined): SeenField {
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
    options: seenOptions(input.options),
  };
}
