import { parseDuration } from './expiry.ts';
import { type Result, fail, succeed } from './result.ts';

export const bindingKinds = ['ip', 'hwid', 'mac'] as const;
export type BindingKind = (typeof bindingKinds)[number];

/** 0 to 1,000, or null for unlimited. 0 lets nobody in, not even what is bound. */
export type Limit = number | null;
/** A product's or license's own limit; `inherit` takes the next one up. */
export type OwnLimit = Limit | 'inherit';

export type Limits = Readonly<Record<BindingKind, Limit>>;
export type OwnLimits = Readonly<Record<BindingKind, OwnLimit>>;

/** Minutes after which an unseen binding no longer counts, or null for never. */
export type ForgetAfter = number | null;
export type OwnForgetAfter = ForgetAfter | 'inherit';

export const inheritedLimits: OwnLimits = { ip: 'inherit', hwid: 'inherit', mac: 'inherit' };

export const maxLimit = 1000;
/** Minutes. */
export const maxForgetAfter = 10_000_000;

const whole = /^\d{1,9}$/;

/** Reads `0` to `1000` or `unlimited`. The mistake is a sentence. */
export function parseLimit(text: string): Result<Limit, string> {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'unlimited') return succeed(null);
  const limit = whole.test(wanted) ? Number(wanted) : NaN;
  if (limit <= maxLimit) return succeed(limit);
  return fail(`A limit is a whole number from 0 to ${maxLimit}, or unlimited.`);
}

/** Where a product or license may also `inherit` the limit. */
export function parseOwnLimit(text: string): Result<OwnLimit, string> {
  if (text.trim().toLowerCase() === 'inherit') return succeed('inherit');
  const limit = parseLimit(text);
  return limit.ok ? limit : fail(`A limit is a whole number from 0 to ${maxLimit}, unlimited, or inherit.`);
}

/** Reads `inherit`, `never`, minutes (`720`) or a duration (`12h`). The mistake is a sentence. */
export function parseOwnForgetAfter(text: string): Result<OwnForgetAfter, string> {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'inherit') return succeed('inherit');
  if (wanted === 'never') return succeed(null);
  const durationMs = parseDuration(whole.test(wanted) ? `${wanted}m` : wanted);
  const minutes = durationMs === null ? NaN : durationMs / 60_000;
  if (minutes <= maxForgetAfter) return succeed(minutes);
  return fail('Write after how many minutes unseen machines are forgotten, for example 720 or 12h; never; or inherit.');
}
