import {
  type APIButtonComponent,
  type APIChannelSelectComponent,
  type APIComponentInMessageActionRow,
  type APILabelComponent,
  type APIRoleSelectComponent,
  type APISelectMenuOption,
  type APIStringSelectComponent,
  type APIUserSelectComponent,
  ButtonStyle,
  ChannelType,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import type { Modal, Row } from './reply.ts';
import { ellipsize } from '../texts/ellipsize.ts';

const styles = {
  plain: ButtonStyle.Secondary,
  primary: ButtonStyle.Primary,
  good: ButtonStyle.Success,
  danger: ButtonStyle.Danger,
} as const;

export function button(
  customId: string,
  label: string,
  style: keyof typeof styles = 'plain',
  disabled = false,
): APIButtonComponent {
  return {
    type: ComponentType.Button,
    custom_id: customId,
    label: ellipsize(label, 80),
    style: styles[style],
    disabled,
  };
}

export function linkButton(url: string, label: string): APIButtonComponent {
  return { type: ComponentType.Button, style: ButtonStyle.Link, url, label: ellipsize(label, 80) };
}

export interface SelectOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly chosen?: boolean;
}

/** Options beyond Discord's 25 are left out. */
export function select(
  customId: string,
  placeholder: string,
  options: readonly SelectOption[],
): APIStringSelectComponent {
  return {
    type: ComponentType.StringSelect,
    custom_id: customId,
    placeholder: ellipsize(placeholder, 150),
    options: options.slice(0, 25).map(toOption),
  };
}

function toOption({ label, value, description, chosen }: SelectOption): APISelectMenuOption {
  return {
    label: ellipsize(label, 100),
    value,
    ...(description === undefined ? {} : { description: ellipsize(description, 100) }),
    ...(chosen === undefined ? {} : { default: chosen }),
  };
}

/** Offers the channels that messages can be posted in. */
export function channelSelect(customId: string, placeholder: string): APIChannelSelectComponent {
  return {
    type: ComponentType.ChannelSelect,
    custom_id: customId,
    placeholder: ellipsize(placeholder, 150),
    channel_types: [ChannelType.GuildText, ChannelType.GuildAnnouncement],
  };
}

export function userSelect(customId: string, placeholder: string): APIUserSelectComponent {
  return { type: ComponentType.UserSelect, custom_id: customId, placeholder: ellipsize(placeholder, 150) };
}

export function roleSelect(customId: string, placeholder: string, maxRoles = 1): APIRoleSelectComponent {
  return {
    type: ComponentType.RoleSelect,
    custom_id: customId,
    placeholder: ellipsize(placeholder, 150),
    max_values: maxRoles,
  };
}

/** A row holds at most five buttons, or one select. */
export function row(...components: readonly APIComponentInMessageActionRow[]): Row {
  return { type: ComponentType.ActionRow, components: [...components] };
}

export interface TextField {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly long?: boolean;
  readonly maxLength?: number;
}

/** A form of up to five texts; its handler reads them with `context.field(id)`. */
export function textModal(customId: string, title: string, fields: readonly TextField[]): Modal {
  return { custom_id: customId, title: ellipsize(title, 45), components: fields.map(toLabel) };
}

function toLabel({
  id,
  label,
  description,
  value,
  placeholder,
  required,
  long,
  maxLength,
}: TextField): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: ellipsize(label, 45),
    ...(description === undefined ? {} : { description: ellipsize(description, 100) }),
    component: {
      type: ComponentType.TextInput,
      custom_id: id,
      style: long ? TextInputStyle.Paragraph : TextInputStyle.Short,
      required: required ?? true,
      ...(maxLength === undefined ? {} : { max_length: maxLength }),
      ...(value === undefined ? {} : { value: value.slice(0, maxLength ?? 4000) }),
      ...(placeholder === undefined ? {} : { placeholder: ellipsize(placeholder, 100) }),
    },
  };
}
