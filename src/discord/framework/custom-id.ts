import { timingSafeEqual } from 'node:crypto';

/** The state of a button, select or modal. It is stored in the custom id alone, so it outlives the process. */
export interface CustomId {
  /** The handler's name: a key of some command's `components`. */
  readonly handler: string;
  /** Who may press; null: every user who sees it. */
  readonly userId: string | null;
  /** The instant from which it is too old, in whole seconds; null: never. */
  readonly until: Date | null;
  readonly state: readonly string[];
}

/** A keyed hash of a text, 16 characters of base64url. Only this installation can make it, so users cannot forge it. */
export type Sign = (text: string) => string;

const maxCustomIdLength = 100;
const signatureLength = 16;
const separator = '|';

/** Throws where it would be longer than Discord takes: save large state with `saveState`, and put the token into it. */
export function encodeCustomId({ handler, userId, until, state }: CustomId, sign: Sign): string {
  const body = [
    handler,
    userId === null ? '' : BigInt(userId).toString(36),
    until === null ? '' : Math.floor(until.getTime() / 1000).toString(36),
    ...state.map((part) => part.replace(/[%|]/g, encodeURIComponent)),
  ].join(separator);
  const customId = `${sign(body)}${body}`;
  if (customId.length > maxCustomIdLength) throw new Error(`The state of ${handler} does not fit into a custom id.`);
  return customId;
}

/** null: this installation did not make it. */
export function decodeCustomId(customId: string, sign: Sign): CustomId | null {
  const body = customId.slice(signatureLength);
  const [given, right] = [Buffer.from(customId.slice(0, signatureLength)), Buffer.from(sign(body))];
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const [handler = '', user = '', until = '', ...state] = body.split(separator);
  return {
    handler,
    userId: user === '' ? null : parseBase36(user).toString(),
    until: until === '' ? null : new Date(Number(parseBase36(until)) * 1000),
    state: state.map((part) => part.replaceAll('%7C', '|').replaceAll('%25', '%')),
  };
}

/** `parseInt` would round a user id. */
function parseBase36(text: string): bigint {
  return Array.from(text).reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
}
