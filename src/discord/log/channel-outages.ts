import { minuteMs } from '../../domain/values/calendar.ts';
import {
  type LogChannel,
  type LogChannelService,
  type MissedLog,
  type MissedPosts,
  nothingMissed,
} from '../../services/log-channels.ts';
import type { Storage } from '../../storage/port/storage.ts';

/**
 * Which log channels take no posts, and how many lines they have missed. Such a channel is tried once a minute, because
 * Discord bans programs that send many requests which it must refuse.
 */
export interface ChannelOutages {
  /** What the channel has missed; null: it took its last post. */
  missed(guildId: string, channel: LogChannel): MissedPosts | null;
  log(guildId: string): MissedLog;
  /** Whether this channel has refused a post of any kind. */
  isOut(guildId: string, channelId: string): boolean;
  /** Whether a post may be tried: the channel works, another one was chosen since, or a minute has passed. */
  mayTry(guildId: string, channel: LogChannel, channelId: string): boolean;
  /** Counts lines that were not posted. `problem`: what Discord said now; left out: it was not asked. */
  miss(
    guildId: string,
    channel: LogChannel,
    missed: { channelId: string; lines: number; problem?: MissedPosts['problem'] },
  ): void;
  /** The channel has taken a post, or none is chosen any more. */
  end(guildId: string, channel: LogChannel): void;
  ownerNotified(guildId: string): void;
  /** The channels that take no posts, with their guilds. */
  all(): readonly { readonly guildId: string; readonly channel: LogChannel; readonly missed: MissedPosts }[];
  /** Stores what has changed. */
  save(fence: Parameters<LogChannelService['setMissed']>[2]): Promise<void>;
}

const retryMs = minuteMs;

export interface OutageParts {
  readonly storage: Pick<Storage, 'guilds'>;
  readonly services: { readonly logChannels: LogChannelService };
  readonly clock: () => Date;
}

/** Reads what was missed before, as another process may have stored it. */
export async function openChannelOutages({ storage, services, clock }: OutageParts): Promise<ChannelOutages> {
  const logs = new Map<string, MissedLog>();
  for (const { id } of await storage.guilds()) {
    const log = await services.logChannels.missed(id);
    if (Object.keys(log.channels).length > 0 || log.ownerNotified) logs.set(id, log);
  }
  const changed = new Set<string>();
  /** When each channel was last tried, in ms. */
  const triedAt = new Map<string, number>();

  const logOf = (guildId: string) => logs.get(guildId) ?? nothingMissed;
  const change = (guildId: string, own: Partial<MissedLog>) => {
    logs.set(guildId, { ...logOf(guildId), ...own });
    changed.add(guildId);
  };

  return {
    missed: (guildId, channel) => logOf(guildId).channels[channel] ?? null,
    log: logOf,
    isOut: (guildId, channelId) => Object.values(logOf(guildId).channels).some((one) => one.channelId === channelId),
    mayTry(guildId, channel, channelId) {
      const missed = logOf(guildId).channels[channel];
      if (missed?.channelId !== channelId) return true;
      const waited = clock().getTime() - (triedAt.get(`${guildId} ${channel}`) ?? 0);
      // A clock that was set back must not keep the channel silent.
      return waited < 0 || waited >= retryMs;
    },
    miss(guildId, channel, { channelId, lines, problem }) {
      const now = clock();
      const before = logOf(guildId).channels[channel];
      if (problem) triedAt.set(`${guildId} ${channel}`, now.getTime());
      const known = problem ?? before?.problem;
      if (!known) return;
      const missed = {
        channelId,
        lines: (before?.lines ?? 0) + lines,
        since: before?.since ?? now,
        until: now,
        problem: known,
      };
      change(guildId, { channels: { ...logOf(guildId).channels, [channel]: missed } });
    },
    end(guildId, channel) {
      const { [channel]: missed, ...others } = logOf(guildId).channels;
      if (missed) change(guildId, { channels: others, ownerNotified: false });
    },
    ownerNotified(guildId) {
      change(guildId, { ownerNotified: true });
    },
    all: () =>
      [...logs].flatMap(([guildId, { channels }]) =>
        (Object.entries(channels) as [LogChannel, MissedPosts][]).map(([channel, missed]) => ({
          guildId,
          channel,
          missed,
        })),
      ),
    async save(fence) {
      for (const guildId of changed) await services.logChannels.setMissed(guildId, logOf(guildId), fence);
      changed.clear();
    },
  };
}
