import type { Binding } from '../../../domain/binding.ts';
import type { BindingKind } from '../../../domain/limits.ts';
import { describeColumns, type Fields } from '../columns.ts';
import { instant, optionalInstant, plain } from '../fields.ts';

/** How a binding is stored, in `slots` and in `observed_values`. */
export const bindingColumns = describeColumns<Binding>({
  kind: plain<BindingKind>('kind'),
  value: plain<string>('value'),
  firstSeenAt: instant('first_seen'),
  lastSeenAt: instant('last_seen'),
  releasedAt: optionalInstant('released_at'),
} satisfies Fields<Binding>);
