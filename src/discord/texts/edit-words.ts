import type { BindingKind } from '../../domain/limits.ts';
import type { Edited } from '../../services/licenses/license-service.ts';
import type { Card } from './embed.ts';
import { codeText } from './escape-text.ts';
import { licenseName } from './license-words.ts';
import { kindWords } from './machine-words.ts';

const fieldWords: Readonly<Record<string, string>> = {
  productId: 'product',
  expiry: 'expiry',
  expiresAt: 'ends',
  forgetAfter: 'forget after',
};

/** What a license was and is; the note, which is for staff alone, only that it changed. */
export function describeEdited(edited: Edited): Card {
  return { title: 'License changed', lines: [licenseName(edited), ...edited.changes.flatMap(describeChange)] };
}

function describeChange({ field, before, after }: Edited['changes'][number]): readonly string[] {
  const name = fieldWords[field] ?? field;
  if (field === 'note') return ['note changed'];
  const [was, is] = [parts(before), parts(after)];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => was[key] !== is[key]);
  const label = (key: string) => (key === '' ? name : `${name} ${key}`);
  return keys.map((key) => `${label(key)}: ${codeText(was[key] ?? 'none')} → ${codeText(is[key] ?? 'none')}`);
}

/** A value by its parts, so that of three limits only the one that changed is told; a plain value has one, named ''. */
function parts(text: string): Readonly<Record<string, string>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { '': text };
  }
  if (value === null) return { '': 'none' };
  if (typeof value !== 'object') return { '': typeof value === 'string' ? value : text };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, part === null ? 'none' : String(part)]));
}

/** Kinds that had no limit forget who came before: their places fill anew. */
export function describeNewlyLimited(kinds: readonly BindingKind[]): readonly string[] {
  return kinds.map(
    (kind) => `${kindWords[kind].many} were not limited before: their places fill with whoever checks next.`,
  );
}
