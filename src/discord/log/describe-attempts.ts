import type { Attempt } from '../../domain/attempt.ts';
import type { License } from '../../domain/license.ts';
import type { Reply } from '../framework/reply.ts';
import { describeIps, describeReplaced } from '../texts/attempt-line.ts';
import { embed } from '../framework/embed.ts';
import { codeText, escapeText } from '../texts/escape-text.ts';
import { describeHwid } from '../texts/machines.ts';
import { clockTime, count, listWords, maskedKey, mentionUser } from '../texts/phrases.ts';
import { resultWords } from '../texts/denials.ts';
import { type Digest, isSummary, topEntries } from './digest.ts';

/** Looks up what attempts are about. */
export interface Names {
  readonly license: (id: number) => License | null;
  readonly productName: (id: number) => string | null;
}

export type AttemptChannel = 'valid' | 'failed';

/** One embed: a line for each attempt, or under load the counts. Texts of clients are escaped and cut. */
export function describeAttempts(channel: AttemptChannel, digest: Digest, names: Names): Reply {
  const isFailed = channel === 'failed';
  const tone = isFailed ? 'bad' : 'good';
  const what = isFailed ? 'refused check' : 'granted check';
  if (!isSummary(digest)) {
    const lines = digest.first.map((attempt) => describeAttempt(attempt, names));
    return { embeds: [embed({ title: count(digest.total, what), lines, tone })] };
  }
  const tops = (entries: readonly (readonly [string, number])[]) =>
    entries.map(([text, times]) => `${text} × ${times.toLocaleString('en-US')}`).join('\n');
  const results = topEntries(digest.results, 8).map(([result, times]) => [resultWords[result], times] as const);
  const ips = topEntries(digest.ips, 8).map(([ip, times]) => [codeText(ip, 60), times] as const);
  const licenses = topEntries(digest.licenses, 8).map(([id, times]) => [describeLicense(id, names), times] as const);
  return {
    embeds: [
      embed({
        title: count(digest.total, what),
        lines: ['Too many for single lines. `/logs` shows them all.'],
        fields: [
          ['By result', tops(results)],
          ['Top IPs', tops(ips)],
          ['Top licenses', tops(licenses)],
        ],
        tone,
      }),
    ],
  };
}

function describeAttempt(attempt: Attempt, names: Names): string {
  const license = attempt.licenseId === null ? null : names.license(attempt.licenseId);
  const product = attempt.productId === null ? null : names.productName(attempt.productId);
  const at = clockTime(attempt.at);
  const isGranted = attempt.result === 'granted';
  return [
    `${at} ${isGranted ? '✅' : '⛔'} ${isGranted ? describeNews(attempt) : `**${resultWords[attempt.result]}**`}`,
    product === null ? attempt.product && `“${escapeText(attempt.product, 30)}”` : escapeText(product, 40),
    attempt.keySuffix !== null && maskedKey(attempt.keySuffix),
    license?.ownerId && mentionUser(license.ownerId),
    attempt.version !== null && `version ${codeText(attempt.version, 16)}`,
    describeIps(attempt),
    attempt.hwid !== null && `HWID ${describeHwid(attempt.hwid, 24)}`,
    !isGranted && attempt.userAgent !== null && codeText(attempt.userAgent, 30),
    attempt.protocol,
  ]
    .filter(Boolean)
    .join(' · ');
}

function describeNews({ newBindings, replaced }: Attempt): string {
  if (newBindings.length === 0) return 'granted';
  const news = `new ${listWords(newBindings.map((kind) => kind.toUpperCase()))}`;
  return replaced === null ? news : `${news}, ${describeReplaced(replaced)}`;
}

export function describeLicense(id: number, { license, productName }: Names): string {
  const found = license(id);
  const product = found && productName(found.productId);
  return found ? `${escapeText(product ?? '?', 40)} ${maskedKey(found.keySuffix)}` : `license #${id}`;
}
