import type { BindingKind } from '../../domain/limits.ts';
import type { Edited } from '../../services/licenses/license-service.ts';
import type { Card } from '../framework/embed.ts';
import { codeText } from './escape-text.ts';
import { licenseName } from './licenses.ts';
import { kindWords } from './machines.ts';
import { describeLicenseChanges, type LicenseChangeText } from '../../texts/license-changes.ts';

/** What was changed, with the values before and after. Of the note, which is for staff alone, only that it changed. */
export function describeEdited(edited: Edited): Card {
  return {
    title: 'License changed',
    lines: [licenseName(edited), ...describeLicenseChanges(edited.before, edited).map(describeChange)],
  };
}

function describeChange({ field, before, after }: LicenseChangeText): string {
  return field === 'note' ? 'note changed' : `${field}: ${codeText(before)} → ${codeText(after)}`;
}

/** Machines of a kind without a limit are not bound, so a new limit starts with no bindings. */
export function describeNewlyLimited(kinds: readonly BindingKind[]): readonly string[] {
  return kinds.map(
    (kind) =>
      `${kindWords[kind].many} were not limited before, so none are bound yet: the next ones that check take the places.`,
  );
}
