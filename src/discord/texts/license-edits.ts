import type { BindingKind } from '../../domain/limits.ts';
import type { Edited } from '../../services/licenses/license-service.ts';
import type { Card } from '../framework/embed.ts';
import { describeExpiry } from './direct-message.ts';
import { codeText } from './escape-text.ts';
import { licenseName } from './licenses.ts';
import { kindWords } from './machines.ts';
import { describeLicenseChanges, type LicenseChangeText } from '../../texts/license-changes.ts';

/** What was changed, with the values before and after. Of the note, which is for staff alone, only that it changed. */
export function describeEdited(edited: Edited): Card {
  const changes = describeLicenseChanges(edited.before, edited);
  return {
    title: 'License changed',
    lines: [licenseName(edited), ...changes.map((change) => describeChange(change, edited))],
  };
}

function describeChange({ field, before, after }: LicenseChangeText, edited: Edited): string {
  if (field === 'note') return 'note changed';
  // Discord shows the end in the reader's zone.
  if (field === 'expiry') return `expiry: ${describeExpiry(edited.before.license)} → ${describeExpiry(edited.license)}`;
  return `${field}: ${codeText(before)} → ${codeText(after)}`;
}

/** Machines of a kind without a limit are not bound, so a new limit starts with no bindings. */
export function describeNewlyLimited(kinds: readonly BindingKind[]): readonly string[] {
  return kinds.map(
    (kind) =>
      `${kindWords[kind].many} were not limited before, so none are bound yet: the next ones that check take the places.`,
  );
}
