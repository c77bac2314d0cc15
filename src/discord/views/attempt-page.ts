import { type Protocol, protocols } from '../../domain/attempt.ts';
import { type AttemptResult, denials } from '../../domain/denial.ts';
import type { AttemptQuery } from '../../storage/port/attempts.ts';
import type { Reply } from '../framework/reply.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { type Filters, idOf, withFilters } from '../framework/filters.ts';
import { pageRow, type Position } from '../framework/pages.ts';
import { describeAttempt } from '../texts/attempt-line.ts';
import { embed } from '../framework/embed.ts';

const perPage = 10;

/** The handler of the page buttons under a list of attempts, which is among the components of `/logs`. */
export const attemptPageHandler = 'logs-page';

/** The results that attempts are recorded with: all but those of requests that were rejected before a check. */
export const loggedResults: readonly (AttemptResult | 'denied')[] = [
  'granted',
  'denied',
  ...denials.filter((denial) => denial !== 'rate-limited' && denial !== 'store-unavailable'),
];

/** One page of the attempts that match the filters, newest first. */
export async function attemptPage(context: GuildContext, filters: Filters, position: Position): Promise<Reply> {
  const page = { limit: perPage + 1, beforeId: position.beforeId };
  const rows = await context.services.records.attempts(context.guildId, queryOf(filters), page);
  const shown = rows.slice(0, perPage);
  const nextBeforeId = rows.length > perPage ? (shown.at(-1)?.attempt.id ?? null) : null;
  const lines = shown.length === 0 ? ['None.'] : shown.map(describeAttempt);
  return {
    embeds: [withFilters(embed({ title: 'Attempts', lines }), filters)],
    rows: pageRow(context, { position, nextBeforeId, handler: attemptPageHandler }),
    postable: true,
  };
}

function queryOf(filters: Filters): AttemptQuery {
  const { license, ip, hwid, product, since } = filters;
  const result = loggedResults.find((each) => each === filters.result);
  const protocol: Protocol | undefined = protocols.find((each) => each === filters.protocol);
  return {
    ...(license && { licenseId: idOf(license) }),
    ...(result && { result }),
    ...(protocol && { protocol }),
    ...(ip && { ip }),
    ...(hwid && { hwid }),
    ...(product && { productId: idOf(product) }),
    ...(since && { since: new Date(since) }),
  };
}
