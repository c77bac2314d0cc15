import type { CheckRequest } from '../../../src/domain/check-request.ts';
import type { WireRequest, WireResponse } from '../../wire/support/send.ts';

export const goldenKey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';

/** A system that is attacked: how its page says it answers, written a second time, sharing not one line with what is tested. */
export interface Spoken {
  /** The fields of a request, and what the store is asked of each. */
  readonly fields: Readonly<Record<string, (request: CheckRequest) => unknown>>;
  /** Those without which nothing is granted. */
  readonly required: readonly string[];
  /** A request in which nothing is wrong but what the test puts there. */
  request(fields: object): WireRequest;
  /** What the page says to the value of a field, and what the store is then asked. */
  judge(field: string, value: unknown): { readonly refusal: Partial<WireResponse> | null; readonly asked: unknown };
  isRefusal(answer: WireResponse): boolean;
}

/** A text of bounded length that databases keep as it is; null: none. */
export function textIn(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text !== '' && text.length <= 1024 && !text.includes('\0') && !/\p{Cs}/u.test(text) ? text : null;
}

export function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** What is written for people to read of whatever a client tells. */
export function noteIn(value: unknown): string | null {
  if (value === undefined || value === null || typeof value === 'object') return null;
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('\0', '\ufffd').trim();
  const whole = Array.from(text.slice(0, 1024));
  // Of a character that the end cuts in two nothing stays.
  if (text.length > 1024 && /[\ud800-\udbff]$/.test(whole.at(-1) ?? '')) whole.pop();
  const note = whole.map((each) => (/\p{Cs}/u.test(each) ? '\ufffd' : each)).join('');
  return note.trim() === '' ? null : note.trim();
}

/** A whole number, also as a text and with a fraction of zeros; null: none. */
export function wholeNumberIn(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim() : value;
  if (typeof text !== 'number' && (typeof text !== 'string' || !/^[+-]?[0-9]+(\.0*)?$/.test(text))) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) && Math.abs(number) < 1e15 ? number : null;
}
