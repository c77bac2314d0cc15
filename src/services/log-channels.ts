import { z } from 'zod';
import { missedPostsNote } from '../domain/notes.ts';
import type { Storage } from '../storage/port/storage.ts';

/** The log channels of a guild. The setting `channels.<name>` chooses each. */
export const logChannels = ['valid', 'failed', 'admin', 'alerts'] as const;
export type LogChannel = (typeof logChannels)[number];

/** The setting that chooses a log channel. */
export function channelSetting<C extends LogChannel>(channel: C): `channels.${C}` {
  return `channels.${channel}`;
}

const date = z.iso.datetime().pipe(z.coerce.date());
const missedPostsSchema = z.object({
  channelId: z.string(),
  /** How many lines could not be posted. */
  lines: z.number(),
  since: date,
  until: date,
  /** Why Discord took the last post not; `refused`: what Discord said is in `message`. */
  problem: z.union([
    z.object({ code: z.enum(['deleted', 'no-permission']) }),
    z.object({ code: z.literal('refused'), message: z.string() }),
  ]),
});
const missedLogSchema = z.object({
  channels: z.partialRecord(z.enum(logChannels), missedPostsSchema),
  /** Whether the guild's owner was notified that no channel works, since one last did. */
  ownerNotified: z.boolean(),
});

/** What a log channel has missed since it last took a post. */
export type MissedPosts = Readonly<z.infer<typeof missedPostsSchema>>;
export interface MissedLog {
  readonly channels: Readonly<Partial<Record<LogChannel, MissedPosts>>>;
  readonly ownerNotified: boolean;
}

export const nothingMissed: MissedLog = { channels: {}, ownerNotified: false };

export interface LogChannelService {
  /** What the log channels of a guild have missed. A channel that took its last post is not among them. */
  missed(guildId: string): Promise<MissedLog>;
  /** Stores it, unless another process has acquired the lease since. */
  setMissed(guildId: string, missed: MissedLog, fence: Parameters<Storage['setNote']>[2]): Promise<boolean>;
}

export function createLogChannelService({
  storage,
}: {
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
}): LogChannelService {
  return {
    async missed(guildId) {
      const text = await storage.note(missedPostsNote(guildId));
      return text === null ? nothingMissed : missedLogSchema.parse(JSON.parse(text));
    },
    setMissed: (guildId, missed, fence) => storage.setNote(missedPostsNote(guildId), JSON.stringify(missed), fence),
  };
}
