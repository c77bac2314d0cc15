import { channelSetting, type LogChannel, type MissedLog, type MissedPosts } from '../../services/log-channels.ts';
import { codeText, escapeText } from './escape-text.ts';
import { count, fullTime, mentionChannel } from './phrases.ts';

type Problem = MissedPosts['problem'];

/** Why Discord takes no posts, and what to do. `code` stands around what people type. */
function describeProblem(problem: Problem, code: string): string {
  const edit = `${code}/settings edit${code}`;
  switch (problem.code) {
    case 'deleted':
      return `It was deleted: choose another with ${edit}.`;
    case 'no-permission':
      return 'I may not post there: give me View Channel, Send Messages and Embed Links.';
    case 'refused':
      return `Discord refuses the posts (${problem.message}): choose another channel with ${edit}.`;
  }
}

/** For the alerts channel and the log, which show no markdown. */
export function describeChannelOutage(channel: LogChannel, { channelId, lines, problem }: MissedPosts): string {
  return (
    `The log channel ${channelId} (${channelSetting(channel)}) takes no posts and has missed ${count(lines, 'line')}. ` +
    describeProblem(problem, '')
  );
}

/** The same for `/settings view` and for a message to the owner, which name the channel. */
export function describeMissed(channel: LogChannel, { channelId, lines, since, problem }: MissedPosts): string {
  const escaped = problem.code === 'refused' ? { ...problem, message: escapeText(problem.message) } : problem;
  const name = `${mentionChannel(channelId)} (${codeText(channelSetting(channel))})`;
  return `${name} takes no posts and has missed ${count(lines, 'line')} since ${fullTime(since)}. ${describeProblem(escaped, '`')}`;
}

/** Posted into the channel itself, when it takes posts again. */
export function describeMissedHere(channel: LogChannel, { lines, since, until }: MissedPosts): string {
  const where = channel === 'valid' || channel === 'failed' ? ' `/logs` shows them.' : '';
  return `I could not post ${count(lines, 'line')} here between ${fullTime(since)} and ${fullTime(until)}.${where}`;
}

/** To the owner of the guild, where no log channel takes posts. */
export function describeNoChannelWorks(guildName: string, { channels }: MissedLog): readonly string[] {
  const missed = Object.entries(channels) as [LogChannel, MissedPosts][];
  return [
    `None of the log channels of **${escapeText(guildName)}** takes posts, so nobody there reads what happens with licenses.`,
    ...missed.map(([channel, posts]) => `- ${describeMissed(channel, posts)}`),
  ];
}
