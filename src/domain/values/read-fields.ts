import { type Field, fieldLimits } from './field-limits.ts';
import type { CommandError } from '../command-error.ts';
import { fail, type Result, succeed } from './result.ts';
import { canonicalName } from './text.ts';

const versionText = /^[^\s\p{C}]+$/u;
const branchText = /^[A-Za-z0-9\s_-]{2,255}$/;

/** A field's text, trimmed; null where it is blank. Fails with text-too-long. */
export function readText(field: Field, text: string | null): Result<string | null, CommandError> {
  const trimmed = text?.trim() ?? '';
  const max = fieldLimits[field];
  if (Array.from(trimmed).length > max) return fail({ code: 'text-too-long', field, max });
  return succeed(trimmed === '' ? null : trimmed.toWellFormed());
}

/** The text of a field that must not be blank. Fails with text-missing or text-too-long. */
export function readRequiredText(field: Field, text: string | null): Result<string, CommandError> {
  const read = readText(field, text);
  if (!read.ok) return read;
  return read.value === null ? fail({ code: 'text-missing', field }) : succeed(read.value);
}

/** A name as `canonicalName` makes it. Fails with text-missing or text-too-long. */
export function readName(field: 'productName' | 'apiKeyName', text: string): Result<string, CommandError> {
  return readRequiredText(field, canonicalName(text));
}

/** An http or https URL; null where the text is blank. Fails with url-invalid. */
export function readUrl(text: string | null): Result<string | null, CommandError> {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return succeed(null);
  const url = URL.parse(trimmed);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  return isWeb && trimmed.length <= fieldLimits.url ? succeed(trimmed) : fail({ code: 'url-invalid' });
}

/** A version as clients send it, as `canonicalName` makes it and without blanks. Fails with version-invalid. */
export function readVersion(text: string): Result<string, CommandError> {
  const version = canonicalName(text);
  const fits = version.length <= fieldLimits.version && versionText.test(version);
  return fits ? succeed(version) : fail({ code: 'version-invalid' });
}

/**
 * A branch as Lukittu clients can name it; null, the default branch, where the text is blank. Fails with
 * branch-invalid.
 */
export function readBranch(text: string | null): Result<string | null, CommandError> {
  const branch = canonicalName(text ?? '');
  if (branch === '') return succeed(null);
  return branchText.test(branch) ? succeed(branch) : fail({ code: 'branch-invalid' });
}
