import type { BindingKind } from '../../domain/limits.ts';
import type { Edited } from '../../services/licenses/license-service.ts';
import type { Card } from '../framework/embed.ts';
import { codeText } from './escape-text.ts';
import { licenseName } from './licenses.ts';
import { kindWords } from './machines.ts';
import { describeLicenseChanges, type LicenseChangeText } from '../../texts/license-changes.ts';

/** What a license was and is; the note, which is for staff alone, only that it changed. */
export function describeEdited(edited: Edited): Card {
  return {
    title: 'License changed',
    lines: [licenseName(edited), ...describeLicenseChanges(edited.before, edited).map(describeChange)],
  };
}

function describeChange({ field, before, after }: LicenseChangeText): string {
  return field === 'note' ? 'note changed' : `${field}: ${codeText(before)} → ${codeText(after)}`;
}

/** Kinds that had no limit forget who came before: their places fill anew. */
export function describeNewlyLimited(kinds: readonly BindingKind[]): readonly string[] {
  return kinds.map(
    (kind) => `${kindWords[kind].many} were not limited before: their places fill with whoever checks next.`,
  );
}
