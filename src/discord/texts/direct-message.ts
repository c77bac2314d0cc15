import { findHold } from '../../domain/hold.ts';
import { describeCauses, holdCauses, holdRemedies } from '../../texts/holds.ts';
import { type License, licenseState, type LicenseState } from '../../domain/license.ts';
import { graceEnd } from '../../domain/expiry.ts';
import { effectiveLimits } from '../../domain/effective-limits.ts';
import type { Limit } from '../../domain/limits.ts';
import type { LicenseProducts } from '../../domain/license-products.ts';
import { describeProducts } from '../../texts/product-names.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { DirectMessage, Notice } from '../../domain/effect.ts';
import { describeDays } from '../../texts/count.ts';
import type { Reply, Row } from '../framework/reply.ts';
import { embed } from '../framework/embed.ts';
import { codeText, escapeText } from './escape-text.ts';
import { keyMessage } from './key-message.ts';
import { kindWords } from './machines.ts';
import { count, fullTime, listWords, maskedKey, mentionUser, relativeTime } from './phrases.ts';

export interface DmContext {
  readonly guildName: string;
  readonly settings: Settings;
  readonly now: Date;
}

export type DmLicense = LicenseProducts;

type KeysWhy = Extract<DirectMessage, { type: 'keys' }>['why'];

const openings: Readonly<Record<KeysWhy, (what: string, guild: string) => string>> = {
  issued: (what, guild) => `You have ${what} from **${guild}**.`,
  resent: (what, guild) => `Here is ${what} from **${guild}** again.`,
  rekeyed: (what, guild) => `There is a new key for ${what} from **${guild}**. The old one no longer works.`,
  reassigned: (what, guild) => `**${guild}** has made ${what} yours.`,
  redeemed: (what, guild) => `You have redeemed ${what} from **${guild}**.`,
};

/** The first message of a key DM says everything about the license; the key follows alone. */
export function describeKeyDm(
  why: KeysWhy,
  context: DmContext,
  licenses: readonly DmLicense[],
  rows: readonly Row[],
): Reply {
  const [first] = licenses;
  if (!first) throw new Error('A key message without licenses.');
  const names = (licensed: DmLicense) => describeProducts(licensed, (name) => `**${escapeText(name)}**`);
  const productNames = [...new Set(licenses.map(names))].join(', ');
  const isOne = licenses.length === 1;
  const what = isOne ? `a license for ${productNames}` : `${count(licenses.length, 'license')} for ${productNames}`;
  return {
    embeds: [
      embed({
        title: isOne ? `Your license key` : `Your license keys`,
        lines: [
          openings[why](what, escapeText(context.guildName)),
          '',
          isOne ? 'The next message is the key, alone, ready to copy.' : 'The next message is a file with the keys.',
          '⚠️ **Never share it.** The staff will never ask you for it.',
        ],
        fields: isOne
          ? [
              ['Valid until', describeExpiry(first.license)],
              ['May run on', describeLimits(first, context.settings)],
            ]
          : [],
        imageUrl: first.product.imageUrl,
        tone: 'good',
      }),
    ],
    rows,
  };
}

/** The second message: a key and nothing else, or a file where there are several. */
export function keysOnly(keys: readonly { readonly key: string; readonly product: string }[]): Reply {
  const [first] = keys;
  if (keys.length === 1 && first) return keyMessage(first.key);
  return {
    files: [{ name: 'license-keys.txt', data: keys.map(({ key, product }) => `${key}\t${product}\n`).join('') }],
  };
}

export function describeExpiry({ expiry, expiresAt }: License): string {
  if (expiresAt) return `${fullTime(expiresAt)} (${relativeTime(expiresAt)})`;
  return expiry.type === 'duration' ? `${describeDays(expiry.days)} from the first use` : 'for ever';
}

function describeLimits({ license, product }: DmLicense, settings: Settings): string {
  const limits = effectiveLimits(license, product, settings);
  const one = (limit: Limit, kind: string, kinds: string) => (limit === null ? [] : [count(limit, kind, kinds)]);
  const parts = [
    ...one(limits.ip, 'IP address', 'IP addresses'),
    ...one(limits.hwid, 'machine', 'machines'),
    ...one(limits.mac, 'MAC address', 'MAC addresses'),
  ];
  return parts.length === 0 ? 'any number of machines' : parts.join(', ');
}

export interface DmNotice extends DmLicense {
  readonly notice: Notice & { readonly reason: string | null };
}

type Happened = { readonly [T in Notice['type']]: (notice: Extract<Notice, { type: T }>, now: DmNow) => string };

/** A license as it is when its DM is written. */
interface DmNow {
  readonly license: License;
  readonly state: LicenseState;
  /** Until when programs may run although the license has expired. */
  readonly graceUntil: Date | null;
}

const happened: Happened = {
  suspended: ({ hold }, { license }) => {
    const set = hold && findHold(license.holds, hold);
    const why = set ? ` ${holdCauses[set.kind]} ${relativeTime(set.at)}` : '';
    return `was suspended${why}: programs no longer accept it.${hold ? ` ${holdRemedies[hold]}` : ''}`;
  },
  resumed: ({ hold }, now) => {
    const { license, state } = now;
    if (state === 'active') return 'works again.';
    const lifted = hold ? `is no longer suspended ${holdCauses[hold]}` : 'is no longer suspended';
    return state === 'suspended'
      ? `${lifted}, but still ${describeCauses(license.holds.map(({ kind }) => kind))}.`
      : `${lifted}. ${stillRefused(now)}`;
  },
  reset: ({ machines }) => `was reset: ${whatWasForgotten(machines)}`,
  'reset-undone': () => 'was reset in error: the machines that were forgotten count again.',
  extended: (_, { license }) => `is valid until ${describeExpiry(license)} now.`,
  expired: (_, { graceUntil }) =>
    graceUntil === null
      ? 'has expired.'
      : `has expired. Programs still accept it until ${fullTime(graceUntil)} (${relativeTime(graceUntil)}).`,
  'taken-away': () => 'is no longer yours.',
  shared: (_, { license: { ownerId } }) => {
    const by = ownerId === null ? '' : ` by ${mentionUser(ownerId)}`;
    return `is shared with you${by}: you have its roles, and \`/mylicenses\` shows it.`;
  },
  unshared: () => 'is no longer shared with you.',
  deleted: () => 'was deleted.',
  restored: (_, now) => (now.state === 'active' ? 'is back.' : `is back. ${stillRefused(now)}`),
};

function stillRefused({ state, graceUntil }: DmNow): string {
  if (state === 'off') return 'You have paused it: `/mylicenses` switches it on.';
  if (state !== 'expired') return 'Programs still refuse it.';
  return graceUntil === null
    ? 'It has expired, so programs still refuse it.'
    : 'It has expired, but programs still accept it.';
}

function whatWasForgotten(machines: Extract<Notice, { type: 'reset' }>['machines'] = []): string {
  const [first, ...others] = machines;
  if (!first) return 'the machines that used it are forgotten, the next ones take their places.';
  if (first.value !== null && others.length === 0) {
    return `the ${kindWords[first.kind].one} ${codeText(first.value, 200)} is forgotten, the next one takes its place.`;
  }
  const what = machines.map(({ kind, count: number }) => count(number, kindWords[kind].one, kindWords[kind].many));
  return `forgotten: ${listWords(what)}. The next ones take their places.`;
}

/** All notices of a guild to one user, in one message. */
export function describeNotices(
  { guildName, now }: DmContext,
  notices: readonly DmNotice[],
  rows: readonly Row[],
): Reply {
  const lines = notices.map(({ license, product, notice }) => {
    const reason = notice.reason === null ? '' : `\n-# Reason: ${escapeText(notice.reason, 500)}`;
    const name = `**${escapeText(product.name)}** (${maskedKey(license.keySuffix)})`;
    const describe = happened[notice.type] as (notice: Notice, now: DmNow) => string;
    const graceUntil = graceEnd(license.expiresAt, product.graceDays, now);
    const then = { license, state: licenseState(license, product, now), graceUntil };
    const whose = notice.type === 'shared' || notice.type === 'unshared' ? 'A' : 'Your';
    return `${whose} license for ${name} ${describe(notice, then)}${reason}`;
  });
  return { embeds: [embed({ title: escapeText(guildName), lines })], rows };
}
