import { type APIEmbed, type APIMessageTopLevelComponent, ComponentType, MessageFlags } from 'discord-api-types/v10';
import { type Json, asText, isObject } from '../validate/check-fields.ts';
import type { MessageRecord, Pings } from '../world/model.ts';

interface VisibleFile {
  readonly id: string;
  readonly name: string;
  readonly contentType: string | undefined;
  readonly url: string;
  readonly data: Buffer;
  /** The contents as UTF-8. */
  readonly text: string;
}

interface VisibleButton {
  readonly label: string;
  readonly customId: string | undefined;
  readonly url: string | undefined;
  readonly disabled: boolean;
  readonly style: number;
}

export interface VisibleOption {
  readonly label: string;
  readonly value: string;
  readonly description: string | undefined;
}

interface VisibleSelect {
  readonly customId: string;
  readonly type: ComponentType;
  readonly placeholder: string | undefined;
  readonly disabled: boolean;
  readonly minValues: number;
  readonly maxValues: number;
  readonly options: readonly VisibleOption[];
}

/** A message as a user saw it when it was read: a copy, which later edits do not change. */
export interface VisibleMessage {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly buttons: readonly VisibleButton[];
  readonly selects: readonly VisibleSelect[];
  readonly files: readonly VisibleFile[];
  /** The text of content, embeds and text displays, one line per part. */
  readonly prose: string;
  /** All text that a user reads: the prose, and the labels of buttons and selects. */
  readonly text: string;
  readonly ephemeral: boolean;
  /** The bot has deferred its answer: the user sees "… is thinking". */
  readonly loading: boolean;
  readonly edited: boolean;
  /** Whom the text mentions, which is not yet whom Discord notified. */
  readonly pings: Pings;
  /** The users whom Discord notified when the message was sent. */
  readonly notified: readonly string[];
  readonly flags: number;
  readonly nonce: string | null;
  /** The message that this one replies to. */
  readonly replyTo: string | undefined;
}

/** The message as a user sees it. Whether the user may see it at all is decided by `canSee`. */
export function toVisibleMessage(record: MessageRecord): VisibleMessage {
  const parts = allComponents(record.components);
  const buttons = parts.filter(({ type }) => type === ComponentType.Button).map(toVisibleButton);
  const selects = parts.filter(({ type }) => isSelectType(type)).map(toVisibleSelect);
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
    notified: record.notified,
    flags: record.flags,
    nonce: record.nonce,
    replyTo: record.reference?.message_id,
  };
}

/** All components of a message or modal at any depth, in reading order. */
export function allComponents(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(allComponents);
  if (!isObject(value)) return [];
  const { components, accessory, component } = value;
  return [value, ...allComponents(components), ...allComponents(accessory), ...allComponents(component)];
}

export function isSelectType(type: unknown): boolean {
  return type === ComponentType.StringSelect || (typeof type === 'number' && type >= 5 && type <= 8);
}

function toVisibleButton({ label, custom_id: customId, url, disabled, style }: Json): VisibleButton {
  return {
    label: optionalText(label) ?? '',
    customId: optionalText(customId),
    url: optionalText(url),
    disabled: disabled === true,
    style: Number(style),
  };
}

function toVisibleSelect(select: Json): VisibleSelect {
  return {
    customId: optionalText(select.custom_id) ?? '',
    type: select.type as ComponentType,
    placeholder: optionalText(select.placeholder),
    disabled: select.disabled === true,
    minValues: Number(select.min_values ?? 1),
    maxValues: Number(select.max_values ?? 1),
    options: toVisibleOptions(select.options),
  };
}

export function toVisibleOptions(options: unknown): VisibleOption[] {
  return ((options ?? []) as Json[]).map(({ label, value, description }) => ({
    label: asText(label),
    value: asText(value),
    description: optionalText(description),
  }));
}

function selectTexts({ placeholder, options }: VisibleSelect): string[] {
  return [placeholder ?? '', ...options.flatMap(({ label, description }) => [label, description ?? ''])];
}

function embedTexts({ title, description, fields, footer, author }: APIEmbed): string[] {
  const lines = (fields ?? []).flatMap(({ name, value }) => [name, value]);
  return [author?.name ?? '', title ?? '', description ?? '', ...lines, footer?.text ?? ''];
}

export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
