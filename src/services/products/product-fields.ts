import { readText, readUrl, readVersion } from '../../domain/values/read-fields.ts';
import { type ExpiryProblem, parseExpiry, parseTerm, type Term } from '../../domain/expiry.ts';
import { bindingKinds } from '../../domain/limits.ts';
import { maxGraceDays, type Product } from '../../domain/product.ts';
import { canonicalName } from '../../domain/values/text.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Warning } from '../../domain/warning.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { combineResults, readOrKeep, readDiscordId, readFeatures, readLimits, readMetadata } from '../read-input.ts';
import type { ProductFields } from './product-service.ts';

type Fields = Pick<
  Product,
  | 'description'
  | 'version'
  | 'versionPolicy'
  | 'buyerRoleId'
  | 'claimRoleId'
  | 'limits'
  | 'term'
  | 'trial'
  | 'graceDays'
  | 'features'
  | 'metadata'
  | 'url'
  | 'imageUrl'
>;

/** The fields after an edit: those that are given, and the current value of the others. */
export function readProductFields(current: Fields, given: ProductFields, now: Date): Result<Fields, CommandError> {
  return combineResults({
    description: readOrKeep(given.description, current.description, (text) => readText('description', text)),
    version: readOrKeep(given.version, current.version, readOptionalVersion),
    versionPolicy: succeed(given.versionPolicy ?? current.versionPolicy),
    buyerRoleId: readOrKeep(given.buyerRoleId, current.buyerRoleId, (text) => readDiscordId('role', text)),
    claimRoleId: readOrKeep(given.claimRoleId, current.claimRoleId, (text) => readDiscordId('role', text)),
    limits: readLimits(current.limits, given.limits),
    term: readOrKeep(given.term, current.term, (text) => readTermText(text, (word) => parseExpiry(word, now))),
    trial: readOrKeep(given.trial, current.trial, (text) => readTermText(text, parseTrial)),
    graceDays: readOrKeep(given.graceDays, current.graceDays, readGraceDays),
    features: readFeatures(current.features, given.features),
    metadata: readMetadata(current.metadata, given.metadata),
    url: readOrKeep(given.url, current.url, readUrl),
    imageUrl: readOrKeep(given.imageUrl, current.imageUrl, readUrl),
  });
}

/** A term as it is kept: in lower case, without outer blanks. Blank and null mean none. Fails with invalid-expiry. */
function readTermText(
  text: string | null,
  parse: (word: string) => Result<unknown, ExpiryProblem>,
): Result<string | null, CommandError> {
  const word = text?.trim().toLowerCase() ?? '';
  if (word === '') return succeed(null);
  const parsed = parse(word);
  return parsed.ok ? succeed(word) : fail({ code: 'invalid-expiry', problem: parsed.error });
}

/** A trial runs from when it begins, and has an end. */
function parseTrial(word: string): Result<Term, ExpiryProblem> {
  const term = parseTerm(word);
  return term.ok && Object.values(term.value).some((count) => count < 0) ? fail({ code: 'not-a-term' }) : term;
}

function readGraceDays(days: number): Result<number, CommandError> {
  const isValid = Number.isInteger(days) && days >= 0 && days <= maxGraceDays;
  return isValid ? succeed(days) : fail({ code: 'invalid-grace', max: maxGraceDays });
}

/** A version; blank and null mean none. */
export function readOptionalVersion(text: string | null): Result<string | null, CommandError> {
  return text === null || canonicalName(text) === '' ? succeed(null) : readVersion(text);
}

/** Warns of the limits that this change has set to 0. `before` is null for a new product. */
export function zeroLimitWarnings(before: Fields | null, after: Fields): readonly Warning[] {
  return bindingKinds
    .filter((kind) => after.limits[kind] === 0 && before?.limits[kind] !== 0)
    .map((kind) => ({ code: 'zero-limit', kind }));
}
