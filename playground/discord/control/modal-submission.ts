import { ComponentType, type APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';
import { fileRecord } from '../rest/message-content.ts';
import { isObject, type Json } from '../validate/check-fields.ts';
import type { World } from '../world/world.ts';
import { ClientRejection } from './client-rejection.ts';
import type { GivenFile } from './command-options.ts';
import type { Resolved } from './resolved.ts';
import type { VisibleField, VisibleModal } from './visible-modal.ts';

/** The values of a modal's fields, by custom id or label: text, selected values, whether a box is checked, or files. */
export type GivenFields = Readonly<
  Record<string, string | boolean | readonly string[] | readonly GivenFile[] | undefined>
>;

interface Submission {
  readonly world: World;
  readonly modal: VisibleModal;
  readonly raw: APIModalInteractionResponseCallbackData | null;
  readonly fields: GivenFields;
  readonly forged: boolean;
  readonly resolved: Resolved;
  readonly channelId: string;
}

/**
 * The data of a modal submit: the structure of the modal with the values that the user filled in. Throws a
 * `ClientRejection` for values that Discord's client would not send, unless `forged`.
 */
export function modalSubmission(submission: Submission): object {
  const { modal, raw, fields, forged, resolved } = submission;
  for (const name of Object.keys(fields)) {
    if (!modal.fields.some(({ customId, label }) => customId === name || label === name)) {
      throw new ClientRejection('unknown-component', `the modal has no field ${name}`);
    }
  }
  const answer = (input: Json): object => {
    const field = modal.fields.find(({ customId }) => customId === input.custom_id);
    if (!field) return { type: input.type, id: 1 };
    const given = fields[field.customId] ?? fields[field.label];
    if (!forged) checkField(field, given);
    return { type: field.type, id: 1, custom_id: field.customId, ...valueOf(submission, field, given) };
  };
  const rows = ((raw?.components ?? []) as unknown as Json[]).map((row, index) => {
    const { type, component, components } = row;
    const base = { type, id: index + 1 };
    if (isObject(component)) return { ...base, component: answer(component) };
    return Array.isArray(components) ? { ...base, components: (components as Json[]).map(answer) } : base;
  });
  return { custom_id: modal.customId, components: rows, ...resolved.toData() };
}

function checkField(field: VisibleField, given: GivenFields[string]): void {
  const isEmpty = given === undefined || given === '' || (Array.isArray(given) && given.length === 0);
  if (field.type === ComponentType.TextInput && isEmpty && (field.value ?? '') !== '' && given === undefined) return;
  if (field.required && isEmpty && field.type !== ComponentType.Checkbox) {
    throw new ClientRejection('missing-option', `${field.label} is required`);
  }
  if (field.type === ComponentType.TextInput && typeof given === 'string' && given !== '') {
    const [min, max] = [field.minLength ?? 0, field.maxLength ?? 4_000];
    if (given.length < min || given.length > max)
      throw new ClientRejection('wrong-value', `${field.label}: ${min} to ${max} characters`);
  }
  if (field.options.length > 0 && !isEmpty) {
    const wanted = (Array.isArray(given) ? given : [given]) as unknown[];
    if (!wanted.every((one) => field.options.some(({ value }) => value === one))) {
      throw new ClientRejection('wrong-value', `${field.label}: not offered`);
    }
  }
}

function valueOf(submission: Submission, field: VisibleField, given: GivenFields[string]): object {
  const { world, resolved, channelId } = submission;
  const list = (Array.isArray(given) ? given : given === undefined ? [] : [given]) as (string | GivenFile)[];
  switch (field.type) {
    case ComponentType.TextInput:
      return { value: given ?? field.value ?? '' };
    case ComponentType.Checkbox:
      return { value: given === true };
    case ComponentType.RadioGroup:
      return { value: list[0] ?? null };
    case ComponentType.FileUpload:
      return {
        values: (list as GivenFile[]).map(({ name, data, contentType = '' }) => {
          const file = fileRecord(world, channelId, { name, contentType, data: Buffer.from(data) });
          world.uploads.set(file.attachment.id, file);
          resolved.addFile(file);
          return file.attachment.id;
        }),
      };
    default:
      for (const id of list as string[]) {
        if (field.type === ComponentType.UserSelect) resolved.addUser(id);
        if (field.type === ComponentType.RoleSelect) resolved.addRole(id);
        if (field.type === ComponentType.ChannelSelect) resolved.addChannel(id);
        if (field.type === ComponentType.MentionableSelect) resolved.addMentionable(id);
      }
      return { values: list };
  }
}
