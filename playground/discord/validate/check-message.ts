import { MessageFlags } from 'discord-api-types/v10';
import { discordError } from '../rest/errors.ts';
import { checkComponents } from './check-components.ts';
import { checkEmbeds } from './check-embeds.ts';
import { asText, isObject, listField, objectField, snowflakeField, textField, type Json } from './check-fields.ts';
import { Problems, type Path } from './problems.ts';

const maxFiles = 10;

export interface MessageRules {
  /** The path of the message in the body: `data` in answers to interactions. */
  readonly path?: Path;
  /** For an edit, the state of the message before it. */
  readonly before?: {
    readonly flags: number;
    readonly content: string;
    readonly embedCount: number;
    readonly componentCount: number;
    readonly files: readonly { readonly id: string; readonly name: string }[];
  };
  readonly newFileNames: readonly string[];
}

/** Throws the error that Discord would return for this message; returns where Discord would accept it. */
export function checkMessage(body: Json, rules: MessageRules): void {
  const { path = [], before } = rules;
  const problems = new Problems();
  textField(problems, [...path, 'content'], body.content, { max: 2_000 });
  checkEmbeds(problems, [...path, 'embeds'], body.embeds);
  checkFlags(problems, path, body, before?.flags);
  const isVersion2 = (flagsOf(body, before?.flags) & MessageFlags.IsComponentsV2) !== 0;
  const fileNames = [...keptFileNames(body, before), ...rules.newFileNames];
  checkComponents(problems, [...path, 'components'], body.components, { isVersion2, fileNames });
  if (fileNames.length > maxFiles && rules.newFileNames.length > 0) {
    problems.add([...path, 'attachments'], 'BASE_TYPE_MAX_LENGTH', `Must be ${maxFiles} or fewer in length.`);
  }
  checkAllowedMentions(problems, [...path, 'allowed_mentions'], body.allowed_mentions);
  checkNonce(problems, [...path, 'nonce'], body.nonce);
  if (isVersion2) checkNoLegacyFields(problems, path, body, before);
  problems.throwIfAny();
  if (isEmpty(body, rules)) throw discordError('emptyMessage');
}

/** The flags of the message after this body. */
function flagsOf(body: Json, before = 0): number {
  return typeof body.flags === 'number' ? body.flags : before;
}

function checkFlags(problems: Problems, path: Path, body: Json, before: number | undefined): void {
  const { flags } = body;
  if (flags === undefined || flags === null) return;
  if (typeof flags !== 'number' || !Number.isInteger(flags)) {
    problems.add([...path, 'flags'], 'NUMBER_TYPE_COERCE', 'Value is not int.');
    return;
  }
  if (before !== undefined && before & MessageFlags.IsComponentsV2 && !(flags & MessageFlags.IsComponentsV2)) {
    problems.add(
      [...path, 'flags'],
      'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG',
      'The IS_COMPONENTS_V2 flag cannot be removed from a message',
    );
  }
}

function checkNoLegacyFields(problems: Problems, path: Path, body: Json, before: MessageRules['before']): void {
  const reject = (name: string) => {
    problems.add(
      [...path, name],
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      `The '${name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    );
  };
  const { content, embeds, poll, sticker_ids: stickers } = body;
  // An empty content is allowed, because discord.js sends it for `content: null`.
  if (isFilled(content) || (content === undefined && isFilled(before?.content))) reject('content');
  if (isFilled(embeds) || (embeds === undefined && (before?.embedCount ?? 0) > 0)) reject('embeds');
  if (isFilled(poll)) reject('poll');
  if (isFilled(stickers)) reject('sticker_ids');
}

function isFilled(value: unknown): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null;
}

/** By https://discord.com/developers/docs/resources/message#allowed-mentions-object, `parse` and a list are exclusive. */
function checkAllowedMentions(problems: Problems, path: Path, value: unknown): void {
  if (value === undefined || value === null) return;
  const allowed = objectField(problems, path, value);
  const parse = listField(problems, [...path, 'parse'], allowed.parse, { max: 3 });
  for (const kind of ['users', 'roles'] as const) {
    const ids = listField(problems, [...path, kind], allowed[kind], { max: 100 });
    for (const [index, id] of ids.entries()) snowflakeField(problems, [...path, kind, index], id);
    if (ids.length > 0 && parse.includes(kind)) {
      problems.add(
        path,
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
    }
  }
  for (const [index, kind] of parse.entries()) {
    if (kind !== 'users' && kind !== 'roles' && kind !== 'everyone') {
      problems.add(
        [...path, 'parse', index],
        'BASE_TYPE_CHOICES',
        "Value must be one of ('roles', 'users', 'everyone').",
      );
    }
  }
}

function checkNonce(problems: Problems, path: Path, nonce: unknown): void {
  if (nonce === undefined || nonce === null || typeof nonce === 'number') return;
  textField(problems, path, nonce, { max: 25 });
}

/** The names of files that stay after an edit: those in `attachments`, or all where that is omitted. */
function keptFileNames({ attachments }: Json, before: MessageRules['before']): string[] {
  const files = before?.files ?? [];
  const ids = Array.isArray(attachments)
    ? (attachments as unknown[]).map((one) => (isObject(one) ? asText(one.id) : ''))
    : undefined;
  return files.filter(({ id }) => ids === undefined || ids.includes(id)).map(({ name }) => name);
}

function isEmpty(body: Json, { before, newFileNames }: MessageRules): boolean {
  const { content, embeds, components, poll, sticker_ids: stickers } = body;
  const hasText =
    typeof content === 'string' ? content.trim() !== '' : content === undefined && isFilled(before?.content);
  const has = (list: unknown, had: number) => (list === undefined ? had > 0 : isFilled(list));
  return !(
    hasText ||
    has(embeds, before?.embedCount ?? 0) ||
    has(components, before?.componentCount ?? 0) ||
    newFileNames.length + keptFileNames(body, before).length > 0 ||
    isFilled(poll) ||
    isFilled(stickers)
  );
}
