import type { Field, Refusal } from './refusal.ts';
import { fieldLimits } from './refusal.ts';
import type { Result } from './result.ts';
import { refuse, succeed } from './result.ts';

const versionText = /^[^\s\p{C}]+$/u;
const branchText = /^[A-Za-z0-9\s_-]{2,255}$/;

/** A field's text, trimmed; blank means none. */
export function readText(field: Field, text: string | null): Result<string | null, Refusal> {
  const trimmed = text?.trim() ?? '';
  const max = fieldLimits[field];
  if (Array.from(trimmed).length > max) return refuse({ code: 'text-too-long', field, max });
  return succeed(trimmed === '' ? null : trimmed.toWellFormed());
}

/** The text of a field that must not be blank. */
export function readRequiredText(field: Field, text: string | null): Result<string, Refusal> {
  const read = readText(field, text);
  if (!read.ok) return read;
  return read.value === null ? refuse({ code: 'text-missing', field }) : succeed(read.value);
}

/** An http or https URL; blank means none. */
export function readUrl(text: string | null): Result<string | null, Refusal> {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return succeed(null);
  const url = URL.parse(trimmed);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  return isWeb && trimmed.length <= fieldLimits.url ? succeed(trimmed) : refuse({ code: 'url-invalid' });
}

/** A version as clients send it: without blanks. */
export function readVersion(text: string): Result<string, Refusal> {
  const version = text.trim();
  const fits = version.length <= fieldLimits.version && versionText.test(version);
  return fits ? succeed(version) : refuse({ code: 'version-invalid' });
}

/** A branch as clients can name it; blank means the default one. */
export function readBranch(text: string | null): Result<string | null, Refusal> {
  const branch = text?.trim() ?? '';
  if (branch === '') return succeed(null);
  return branchText.test(branch) ? succeed(branch) : refuse({ code: 'branch-invalid' });
}
