import { editDistance } from '../src/domain/values/text.ts';

/** One error in the configuration, worded so that the operator knows what to change. */
export interface ConfigError {
  /** The name as the operator wrote it: an environment variable, a dotted key of the file, or a file. */
  readonly key: string;
  /** The invalid value; null where it is a secret or would not help. */
  readonly value: string | null;
  /** The rest of the sentence after the key: "must be …", "is not a known key". */
  readonly problem: string;
}

const maxShownLength = 80;

/** One line, without a full stop: `LATCHKEY_HTTP_PORT must be a whole number from 0 to 65535, not "70000"`. */
export function describeConfigError({ key, value, problem }: ConfigError): string {
  return `${key} ${problem}${value === null ? '' : `, not ${describeValue(value)}`}`;
}

function describeValue(value: string): string {
  // An invalid address may still contain a password.
  const shown = value.replace(/\/\/[^/]*@/, '//***@');
  return JSON.stringify(shown.length > maxShownLength ? `${shown.slice(0, maxShownLength)}…` : shown);
}

/** The candidate of which `wrong` is most probably a misspelling; undefined where none is similar enough. */
export function nearestKey(wrong: string, candidates: readonly string[]): string | undefined {
  const wrongLetters = lettersOf(wrong);
  const [best] = candidates
    .map((name) => ({ name, distance: editDistance(wrongLetters, lettersOf(name)) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, wrongLetters.length / 4) ? best.name : undefined;
}

/** `http.publicUrl`, `LATCHKEY_HTTP_PUBLIC_URL` and `HTTP_PublicURL` are spellings of one name. */
function lettersOf(name: string): string {
  return name
    .replace(/^LATCHKEY_/i, '')
    .replace(/[._-]/g, '')
    .toLowerCase();
}
