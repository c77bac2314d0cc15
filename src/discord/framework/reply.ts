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
 * What a person is shown. A key stands in `content` or `files`, never in an embed: *Post here* posts the embeds and
 * nothing else. Content over 2,000 characters becomes a file; nobody is ever pinged.
 */
export interface Reply {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly rows?: readonly Row[];
  readonly files?: readonly ReplyFile[];
  /** Adds *Post here* to a private reply. */
  readonly postable?: boolean;
  /** User ids that `content` mentions and that shall notice: the owner of a pick-up. */
  readonly pings?: readonly string[];
  /** Further messages, shown after this one in the same way: a key alone, for phones that copy whole messages. */
  readonly more?: readonly Reply[];
}
