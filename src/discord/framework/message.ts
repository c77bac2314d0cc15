import { type APIEmbed, ComponentType } from 'discord.js';
import type { Post, Reply, ReplyFile, Row } from './reply.ts';
import { button, row } from './components.ts';
import { ellipsize } from '../texts/ellipsize.ts';

const maxContentLength = 2000;
const maxEmbeds = 10;
const maxEmbedsLength = 6000;
const maxRows = 5;

/** A message as discord.js takes it. It pings no user but those that it lists. */
export interface PlainMessage {
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly Row[];
  readonly files: readonly { readonly name: string; readonly attachment: Buffer }[];
  readonly allowedMentions: { readonly parse: readonly []; readonly users: readonly string[] };
}

/** The reply as a message within Discord's limits. */
export function toMessage(reply: Reply | Post | string): PlainMessage {
  const {
    content = '',
    embeds = [],
    rows = [],
    files = [],
    pings = [],
  }: Partial<Post> = typeof reply === 'string' ? { content: reply } : reply;
  const isLong = content.length > maxContentLength;
  const all: readonly ReplyFile[] = isLong ? [...files, { name: 'answer.txt', data: content }] : files;
  return {
    content: isLong ? `${ellipsize(content, 1500)}\n-# The whole text is in the file.` : content,
    embeds: fitEmbeds(embeds),
    components: rows.slice(0, maxRows),
    files: all.slice(0, 10).map(({ name, data }) => ({ name, attachment: Buffer.from(data as string) })),
    allowedMentions: { parse: [], users: pings },
  };
}

/** Adds *Post here* after the last buttons, or in a row of its own. */
export function withPostButton(rows: readonly Row[], customId: string): readonly Row[] {
  const post = button(customId, 'Post here');
  const last = rows.at(-1);
  const hasRoom =
    last !== undefined &&
    last.components.length < 5 &&
    last.components.every(({ type }) => type === ComponentType.Button);
  if (hasRoom) return [...rows.slice(0, -1), row(...last.components, post)];
  return rows.length < maxRows ? [...rows, row(post)] : rows;
}

/** The embeds that together stay below Discord's limit. */
function fitEmbeds(embeds: readonly APIEmbed[]): readonly APIEmbed[] {
  let room = maxEmbedsLength;
  return embeds.slice(0, maxEmbeds).filter((embed) => (room -= embedLength(embed)) >= 0);
}

export function embedLength({ title, description, fields = [], footer, author }: APIEmbed): number {
  const texts = [title, description, footer?.text, author?.name, ...fields.flatMap(({ name, value }) => [name, value])];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
