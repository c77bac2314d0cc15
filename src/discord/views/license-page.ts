import type { Reply } from '../framework/reply.ts';
import type { CommandContext } from '../framework/command-context.ts';
import { type Filters, withFilters } from '../framework/filters.ts';
import { pageRow, type Position } from '../framework/pages.ts';
import { embed } from '../framework/embed.ts';
import { describeRow } from '../texts/licenses.ts';
import type { LicenseRow } from '../../services/licenses/license-view.ts';

export const licensesPerPage = 10;

export interface LicensePage {
  readonly title: string;
  /** Newest first; one row more than a page shows where there are older ones. */
  readonly rows: readonly LicenseRow[];
  readonly position: Position;
  /** The handler that shows another page of the same list. */
  readonly handler: string;
  readonly filters: Filters;
}

/** One page of licenses with its buttons. */
export function licensePage(context: CommandContext, { title, rows, position, handler, filters }: LicensePage): Reply {
  const shown = rows.slice(0, licensesPerPage);
  const nextBeforeId = rows.length > shown.length ? (shown.at(-1)?.license.id ?? null) : null;
  const lines = shown.length === 0 ? ['None.'] : shown.map(describeRow);
  return {
    embeds: [withFilters(embed({ title, lines }), filters)],
    rows: pageRow(context, { position, nextBeforeId, handler }),
    postable: true,
  };
}
