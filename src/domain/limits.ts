import { minuteMs } from './values/calendar.ts';
import { parseDuration } from './expiry.ts';
import { type Result, fail, succeed } from './values/result.ts';

export const bindingKinds = ['ip', 'hwid', 'mac'] as const;
export type BindingKind = (typeof bindingKinds)[number];

/** From 0 to 1,000; null: unlimited. With 0 no client passes, not even on bound machines. */
export type Limit = number | null;
/** The limit of a product or license. `inherit`: the license takes its product's limit, the product its guild's. */
export type InheritableLimit = Limit | 'inherit';

export type Limits = Readonly<Record<BindingKind, Limit>>;
export type InheritableLimits = Readonly<Record<BindingKind, InheritableLimit>>;

/** The minutes after which an unseen binding no longer counts; null: never. */
export type ForgetAfter = number | null;
/** The minutes of a license. `inherit`: it takes its guild's. */
export type InheritableForgetAfter = ForgetAfter | 'inherit';

export const inheritedLimits: InheritableLimits = { ip: 'inherit', hwid: 'inherit', mac: 'inherit' };

export const maxLimit = 1000;
/** In minutes. */
export const maxForgetAfter = 10_000_000;

const whole = /^\d{1,9}$/;

/** Why a text is no limit, or no time after which bindings are forgotten. */
export type LimitProblem =
  { readonly code: 'not-a-limit'; readonly mayInherit: boolean } | { readonly code: 'not-a-forget-time' };

/** Reads `0` to `1000` or `unlimited`. */
export function parseLimit(text: string): Result<Limit, LimitProblem> {
  const word = text.trim().toLowerCase();
  if (word === 'unlimited') return succeed(null);
  const limit = whole.test(word) ? Number(word) : NaN;
  return limit <= maxLimit ? succeed(limit) : fail({ code: 'not-a-limit', mayInherit: false });
}

/** Reads the limit of a product or license: as `parseLimit`, or `inherit`. */
export function parseInheritableLimit(text: string): Result<InheritableLimit, LimitProblem> {
  if (text.trim().toLowerCase() === 'inherit') return succeed('inherit');
  const limit = parseLimit(text);
  return limit.ok ? limit : fail({ code: 'not-a-limit', mayInherit: true });
}

/** Reads `inherit`, `never`, minutes (`720`) or a duration (`12h`). */
export function parseInheritableForgetAfter(text: string): Result<InheritableForgetAfter, LimitProblem> {
  const word = text.trim().toLowerCase();
  if (word === 'inherit') return succeed('inherit');
  if (word === 'never') return succeed(null);
  const durationMs = parseDuration(whole.test(word) ? `${word}m` : word);
  const minutes = durationMs === null ? NaN : durationMs / minuteMs;
  return minutes <= maxForgetAfter ? succeed(minutes) : fail({ code: 'not-a-forget-time' });
}
