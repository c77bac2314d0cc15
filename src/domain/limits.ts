import { minuteMs } from './calendar.ts';
import { parseDuration } from './expiry.ts';
import { type Result, fail, succeed } from './result.ts';

export const bindingKinds = ['ip', 'hwid', 'mac'] as const;
export type BindingKind = (typeof bindingKinds)[number];

/** 0 to 1,000, or null for unlimited. 0 lets nobody in, not even what is bound. */
export type Limit = number | null;
/** A product's or license's own limit; `inherit` takes the next one up. */
export type InheritableLimit = Limit | 'inherit';

export type Limits = Readonly<Record<BindingKind, Limit>>;
export type InheritableLimits = Readonly<Record<BindingKind, InheritableLimit>>;

/** Minutes after which an unseen binding no longer counts, or null for never. */
export type ForgetAfter = number | null;
export type InheritableForgetAfter = ForgetAfter | 'inherit';

export const inheritedLimits: InheritableLimits = { ip: 'inherit', hwid: 'inherit', mac: 'inherit' };

export const maxLimit = 1000;
/** Minutes. */
export const maxForgetAfter = 10_000_000;

const whole = /^\d{1,9}$/;

/** Why a text is no limit, or no time after which bindings are forgotten. */
export type LimitProblem =
  { readonly code: 'not-a-limit'; readonly mayInherit: boolean } | { readonly code: 'not-a-forget-time' };

/** Reads `0` to `1000` or `unlimited`. */
export function parseLimit(text: string): Result<Limit, LimitProblem> {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'unlimited') return succeed(null);
  const limit = whole.test(wanted) ? Number(wanted) : NaN;
  return limit <= maxLimit ? succeed(limit) : fail({ code: 'not-a-limit', mayInherit: false });
}

/** Reads a product's or license's own limit: as `parseLimit`, or `inherit`. */
export function parseInheritableLimit(text: string): Result<InheritableLimit, LimitProblem> {
  if (text.trim().toLowerCase() === 'inherit') return succeed('inherit');
  const limit = parseLimit(text);
  return limit.ok ? limit : fail({ code: 'not-a-limit', mayInherit: true });
}

/** Reads `inherit`, `never`, minutes (`720`) or a duration (`12h`). */
export function parseInheritableForgetAfter(text: string): Result<InheritableForgetAfter, LimitProblem> {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'inherit') return succeed('inherit');
  if (wanted === 'never') return succeed(null);
  const durationMs = parseDuration(whole.test(wanted) ? `${wanted}m` : wanted);
  const minutes = durationMs === null ? NaN : durationMs / minuteMs;
  return minutes <= maxForgetAfter ? succeed(minutes) : fail({ code: 'not-a-forget-time' });
}
