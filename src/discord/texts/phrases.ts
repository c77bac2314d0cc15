export { count } from '../../texts/count.ts';

/** Shown by Discord in the reader's language and zone: "in 3 days". */
export function relativeTime(at: Date): string {
  return `<t:${Math.floor(at.getTime() / 1000)}:R>`;
}

/** Shown by Discord in the reader's zone: "31 January 2027 10:20". */
export function fullTime(at: Date): string {
  return `<t:${Math.floor(at.getTime() / 1000)}:f>`;
}

/** Shown by Discord in the reader's zone: "10:20:30". */
export function clockTime(at: Date): string {
  return `<t:${Math.floor(at.getTime() / 1000)}:T>`;
}

/** A key's suffix, as logs and embeds show it. */
export function maskedKey(keySuffix: string): string {
  return `\`…${keySuffix.replace(/`/g, 'ˋ')}\``;
}

/** Discord shows the name. The mention pings no user, because messages are sent without allowed mentions. */
export function mentionUser(id: string): string {
  return `<@${id}>`;
}

export function mentionRole(id: string): string {
  return `<@&${id}>`;
}

export function mentionChannel(id: string): string {
  return `<#${id}>`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[], join = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${join} ${last}`;
}
