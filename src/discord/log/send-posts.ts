import { RESTJSONErrorCodes } from 'discord.js';
import type { Log } from '../../log/log.ts';
import { channelSetting, type LogChannel, type MissedPosts } from '../../services/log-channels.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { embed } from '../framework/embed.ts';
import { toMessage } from '../framework/message.ts';
import type { Reply } from '../framework/reply.ts';
import type { DiscordApi } from '../gateway/discord-api.ts';
import { describeError, isDiscordError, isTransient } from '../gateway/discord-errors.ts';
import {
  describeChannelOutage,
  describeMissed,
  describeMissedHere,
  describeNoChannelWorks,
} from '../texts/log-channels.ts';
import type { ChannelOutages, OutageParts } from './channel-outages.ts';
import type { Post } from './compose-posts.ts';

export interface SendPostParts {
  readonly api: Pick<DiscordApi, 'send'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** A channel that has just refused a post. */
export interface NewOutage {
  readonly guildId: string;
  readonly channel: LogChannel;
  /** Whether the channel took its post before. */
  readonly isNew: boolean;
}

/**
 * Posts into a log channel, together with what it missed before; counts the lines where Discord refuses them. Returns the
 * outage where Discord has refused just now. Throws transient errors: the post is to be repeated then.
 */
export async function sendPost(
  { api, log }: SendPostParts,
  outages: ChannelOutages,
  { guildId, channel, channelId, reply, lines }: Post,
  nonce: string | null,
): Promise<NewOutage | null> {
  if (!outages.mayTry(guildId, channel, channelId)) {
    outages.miss(guildId, channel, { channelId, lines });
    return null;
  }
  const missed = outages.missed(guildId, channel);
  try {
    await api.send(channelId, toMessage(missed === null ? reply : withMissed(reply, channel, missed)), nonce);
  } catch (error) {
    // The channel of one guild must not delay the logs of all others.
    if (isTransient(error)) throw error;
    outages.miss(guildId, channel, { channelId, lines, problem: problemOf(error) });
    return { guildId, channel, isNew: missed === null };
  }
  if (missed === null) return null;
  outages.end(guildId, channel);
  log.info('A log channel takes posts again', {
    guild: guildId,
    channel: channelSetting(channel),
    missed: missed.lines,
  });
  return null;
}

function withMissed(reply: Reply, channel: LogChannel, missed: MissedPosts): Reply {
  // Not as an embed: the lines of the post may fill all that Discord allows for embeds.
  return missed.lines === 0 ? reply : { ...reply, content: `⚠️ ${describeMissedHere(channel, missed)}` };
}

function problemOf(error: unknown): MissedPosts['problem'] {
  const { UnknownChannel, MissingAccess, MissingPermissions } = RESTJSONErrorCodes;
  if (isDiscordError(error, UnknownChannel)) return { code: 'deleted' };
  if (isDiscordError(error, MissingAccess, MissingPermissions)) return { code: 'no-permission' };
  return { code: 'refused', message: describeError(error) };
}

/** Tries channels that take no posts and have no news, so that one that works again reports what it missed. */
export async function retryChannels(
  parts: SendPostParts & OutageStorage,
  outages: ChannelOutages,
): Promise<readonly NewOutage[]> {
  const refused: NewOutage[] = [];
  for (const { guildId, channel, missed } of outages.all()) {
    const channelId = await chosenChannel(parts, guildId, channel);
    if (channelId === null) outages.end(guildId, channel);
    else if (missed.lines > 0 && outages.mayTry(guildId, channel, channelId)) {
      const outage = await sendPost(parts, outages, { guildId, channel, channelId, reply: {}, lines: 0 }, null);
      if (outage) refused.push(outage);
    }
  }
  return refused;
}

interface OutageStorage {
  readonly storage: Pick<Storage, 'bundle'>;
}

async function chosenChannel({ storage }: OutageStorage, guildId: string, channel: LogChannel): Promise<string | null> {
  return (await storage.bundle(guildId))?.settings[channelSetting(channel)] ?? null;
}

export interface ReportOutageParts extends SendPostParts, OutageParts {
  readonly api: Pick<DiscordApi, 'send' | 'openDm' | 'guildOwner'>;
  readonly storage: OutageParts['storage'] & Pick<Storage, 'bundle' | 'raiseAlert'>;
}

/**
 * Reports a channel that takes no posts: in the log, as an alert, and where no alerts channel works in another log
 * channel. Where none works, the guild's owner gets a DM, once until a channel works again. Throws transient errors.
 */
export async function reportOutage(
  parts: ReportOutageParts,
  outages: ChannelOutages,
  { guildId, channel, isNew }: NewOutage,
): Promise<void> {
  const missed = outages.missed(guildId, channel);
  if (missed === null) return;
  const text = describeChannelOutage(channel, missed);
  // An alert of the same channel is stored at most once an hour.
  const isRaised = await parts.storage.raiseAlert(guildId, { kind: 'log-channel', subject: missed.channelId, text });
  if (!isRaised && !isNew) return;
  parts.log.warn(text, { guild: guildId });
  const reply: Reply = { embeds: [embed({ lines: [`⚠️ ${describeMissed(channel, missed)}`], tone: 'warning' })] };
  for (const other of ['alerts', 'admin', 'failed', 'valid'] as const) {
    const channelId = await chosenChannel(parts, guildId, other);
    if (channelId === null || outages.isOut(guildId, channelId)) continue;
    // The alert is posted there with the next batch.
    if (other === 'alerts') return;
    const post = { guildId, channel: other, channelId, reply, lines: 0 };
    if ((await sendPost(parts, outages, post, null)) === null) return;
  }
  await notifyOwner(parts, outages, guildId);
}

async function notifyOwner(parts: ReportOutageParts, outages: ChannelOutages, guildId: string): Promise<void> {
  const { api, storage, log } = parts;
  const bundle = await storage.bundle(guildId);
  const missed = outages.log(guildId);
  if (!bundle || missed.ownerNotified) return;
  const lines = describeNoChannelWorks(bundle.guild.name, missed);
  try {
    const ownerId = await api.guildOwner(guildId);
    await api.send(await api.openDm(ownerId), toMessage({ embeds: [embed({ lines, tone: 'warning' })] }), null);
  } catch (error) {
    if (isTransient(error)) throw error;
    log.warn('The owner of a server could not be notified that no log channel works', { guild: guildId, error });
  }
  outages.ownerNotified(guildId);
}
