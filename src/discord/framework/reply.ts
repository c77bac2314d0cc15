import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  APIEmbed,
  APIModalInteractionResponseCallbackData,
} from 'discord.js';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;
export type Modal = APIModalInteractionResponseCallbackData;

export interface ReplyFile {
  readonly name: string;
  readonly data: string | Buffer;
}

/**
 * What a command shows. Put a key into `content` or `files`, never into an embed: *Post here* posts the embeds. Content
 * over 2,000 characters becomes a file. Its mentions ping no user: see `Post`.
 */
export interface Reply {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly rows?: readonly Row[];
  readonly files?: readonly ReplyFile[];
  /** Adds *Post here* to a private reply. */
  readonly postable?: boolean;
  /** Further messages after this one, such as a key alone, for phones that can only copy whole messages. */
  readonly more?: readonly Reply[];
  /** Waits for what takes longer than an answer may, and returns what changes in this message then. */
  readonly later?: () => Promise<Pick<Reply, 'content' | 'embeds' | 'rows'>>;
}

/**
 * A new message in the channel. Only such a message can ping: Discord notifies no user of what a command shows after it
 * was deferred, because that is an edit.
 */
export interface Post extends Pick<Reply, 'content' | 'embeds' | 'rows' | 'files'> {
  /** Ids of the users whom the mentions in `content` shall ping, such as the owner of a pick-up. */
  readonly pings: readonly string[];
}
