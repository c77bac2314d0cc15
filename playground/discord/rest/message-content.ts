import {
  EmbedType,
  MessageFlags,
  PermissionFlagsBits,
  type APIAttachment,
  type APIEmbed,
  type APIMessageTopLevelComponent,
} from 'discord-api-types/v10';
import { asText, isObject, type Json } from '../validate/check-fields.ts';
import type { ChannelRecord, FileRecord, MessageRecord, Pings } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { botChannelPermissions } from './access.ts';
import type { UploadedFile } from './route.ts';

/** Flags that a sender may set; Discord ignores the others. */
const settableFlags =
  MessageFlags.SuppressEmbeds |
  MessageFlags.SuppressNotifications |
  MessageFlags.IsComponentsV2 |
  MessageFlags.Ephemeral;

type Content = Pick<MessageRecord, 'content' | 'embeds' | 'components' | 'files' | 'flags' | 'pings'>;

/** The content of a message after a body that was checked. Fields that an edit omits keep their value. */
export function messageContent(
  world: World,
  channel: ChannelRecord,
  body: Json,
  uploads: readonly UploadedFile[],
  before?: MessageRecord,
): Content {
  const files = keptFiles(body, before).concat(uploads.map((file) => storeFile(world, channel.id, body, file)));
  const content = body.content === undefined ? (before?.content ?? '') : asText(body.content ?? '').trim();
  const embeds = body.embeds === undefined ? (before?.embeds ?? []) : ((body.embeds ?? []) as APIEmbed[]);
  const components =
    body.components === undefined
      ? (before?.components ?? [])
      : ((body.components ?? []) as APIMessageTopLevelComponent[]);
  const given = typeof body.flags === 'number' ? body.flags & settableFlags : 0;
  const kept = before ? before.flags & ~MessageFlags.Loading : 0;
  const texts = [content, ...textDisplays(components)];
  return {
    content,
    embeds: withFileUrls(embeds, files).map((embed) => ({ type: EmbedType.Rich, ...embed })),
    components: numberComponents(withFileUrls(components, files)),
    files,
    flags: before ? kept | (given & ~MessageFlags.Ephemeral) : given,
    pings: pingsOf(world, channel, texts.join('\n'), body.allowed_mentions),
  };
}

/** The files that stay after an edit: those in `attachments`, or all where that is omitted. */
function keptFiles(body: Json, before: MessageRecord | undefined): FileRecord[] {
  if (!before) return [];
  const { attachments } = body;
  if (!Array.isArray(attachments)) return before.files;
  const ids = (attachments as unknown[]).map((one) => (isObject(one) ? asText(one.id) : ''));
  return before.files.filter(({ attachment }) => ids.includes(attachment.id));
}

function storeFile(world: World, channelId: string, body: Json, file: UploadedFile): FileRecord {
  const described = (Array.isArray(body.attachments) ? (body.attachments as unknown[]) : []).find(
    (one) => isObject(one) && asText(one.id) === String(file.index),
  );
  const name = isObject(described) && typeof described.filename === 'string' ? described.filename : file.name;
  return fileRecord(world, channelId, { ...file, name });
}

/** A file as it is stored, with the URL at which it is served. */
export function fileRecord(
  world: World,
  channelId: string,
  { name, contentType, data }: Pick<UploadedFile, 'name' | 'contentType' | 'data'>,
): FileRecord {
  const id = world.newId();
  const filename = name.replace(/[^\w.-]+/g, '_');
  const url = `${world.filesUrl}/attachments/${channelId}/${id}/${filename}`;
  const attachment: APIAttachment = {
    id,
    filename,
    size: data.length,
    url,
    proxy_url: url,
    ...(contentType && { content_type: contentType }),
  };
  return { attachment, data };
}

/** Replaces `attachment://name` by the URL of the file, as Discord does when it stores a message. */
function withFileUrls<T>(value: T, files: readonly FileRecord[]): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) => {
    const name = typeof inner === 'string' ? /^attachment:\/\/(.+)$/.exec(inner)?.[1] : undefined;
    if (name === undefined) return inner;
    return files.find(({ attachment }) => attachment.filename === name)?.attachment.url ?? inner;
  }) as T;
}

/** Numbers all components without an id, as Discord does. */
function numberComponents<T>(components: T): T {
  let next = 0;
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit);
    if (!isObject(node)) return node;
    const { components: children, accessory } = node;
    const id = 'type' in node ? { id: node.id ?? (next += 1) } : {};
    return {
      ...node,
      ...id,
      ...(children !== undefined && { components: visit(children) }),
      ...(accessory !== undefined && { accessory: visit(accessory) }),
    };
  };
  return visit(components) as T;
}

function textDisplays(components: unknown): string[] {
  if (Array.isArray(components)) return components.flatMap(textDisplays);
  if (!isObject(components)) return [];
  const own = components.type === 10 ? [asText(components.content)] : [];
  return [...own, ...textDisplays(components.components)];
}

/** The users and roles that are pinged: those that the text mentions, if `allowed_mentions` and permissions allow it. */
function pingsOf(world: World, channel: ChannelRecord, text: string, allowed: unknown): Pings {
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const mayPingAll = (botChannelPermissions(world, channel) & PermissionFlagsBits.MentionEveryone) !== 0n;
  const listed = (kind: 'users' | 'roles') => {
    const ids = isObject(allowed) ? allowed[kind] : undefined;
    return Array.isArray(ids) ? ids.map(String) : [];
  };
  const parse = isObject(allowed)
    ? Array.isArray(allowed.parse)
      ? (allowed.parse as unknown[])
      : []
    : ['users', 'roles', 'everyone'];
  const named = (pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''))];
  const users = named(/<@!?(\d+)>/g).filter((id) => world.users.has(id));
  const roles = named(/<@&(\d+)>/g).filter((id) => mayPingAll || guild?.roles.get(id)?.mentionable === true);
  return {
    everyone: /@(?:everyone|here)\b/.test(text) && parse.includes('everyone') && mayPingAll && guild !== undefined,
    users: users.filter((id) => parse.includes('users') || listed('users').includes(id)),
    roles: roles.filter((id) => parse.includes('roles') || listed('roles').includes(id)),
  };
}

/** The nonce as text: Discord accepts numbers, too. */
export function nonceOf(body: Json): string | null {
  const { nonce } = body;
  return typeof nonce === 'string' || typeof nonce === 'number' ? String(nonce) : null;
}

/** The state of a message before an edit, as `checkMessage` needs it. */
export function rulesBefore(message: MessageRecord) {
  return {
    flags: message.flags & ~(MessageFlags.Loading | MessageFlags.Ephemeral),
    content: message.content,
    embedCount: message.embeds.length,
    componentCount: message.components.length,
    files: message.files.map(({ attachment }) => ({ id: attachment.id, name: attachment.filename })),
  };
}
