import { readText, readUrl, readVersion } from '../../domain/values/read-fields.ts';
import { bindingKinds } from '../../domain/limits.ts';
import type { Product } from '../../domain/product.ts';
import { canonicalName } from '../../domain/values/text.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Warning } from '../../domain/warning.ts';
import { type Result, succeed } from '../../domain/values/result.ts';
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
  | 'features'
  | 'metadata'
  | 'url'
  | 'imageUrl'
>;

/** The fields after an edit: those that are given, and the current value of the others. */
export function readProductFields(current: Fields, given: ProductFields): Result<Fields, CommandError> {
  return combineResults({
    description: readOrKeep(given.description, current.description, (text) => readText('description', text)),
    version: readOrKeep(given.version, current.version, readOptionalVersion),
    versionPolicy: succeed(given.versionPolicy ?? current.versionPolicy),
    buyerRoleId: readOrKeep(given.buyerRoleId, current.buyerRoleId, (text) => readDiscordId('role', text)),
    claimRoleId: readOrKeep(given.claimRoleId, current.claimRoleId, (text) => readDiscordId('role', text)),
    limits: readLimits(current.limits, given.limits),
    features: readFeatures(current.features, given.features),
    metadata: readMetadata(current.metadata, given.metadata),
    url: readOrKeep(given.url, current.url, readUrl),
    imageUrl: readOrKeep(given.imageUrl, current.imageUrl, readUrl),
  });
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
