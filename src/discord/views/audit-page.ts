import { type AuditAction, auditActions } from '../../domain/audit.ts';
import type { AuditQuery } from '../../storage/port/audit.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { embed } from '../framework/embed.ts';
import { type Filters, idOf, withFilters } from '../framework/filters.ts';
import { pageRow, type Position } from '../framework/pages.ts';
import type { Reply } from '../framework/reply.ts';
import { describeAuditEvent } from '../texts/audit.ts';
import { fullTime } from '../texts/phrases.ts';

const perPage = 10;

/** The handler of the page buttons under a list of changes, which is among the components of `/audit`. */
export const auditPageHandler = 'audit-page';

/** One page of the audit events that match the filters, newest first. */
export async function auditPage(context: GuildContext, filters: Filters, position: Position): Promise<Reply> {
  const { services, guildId } = context;
  const page = { limit: perPage + 1, beforeId: position.beforeId };
  const events = await services.records.audit(guildId, queryOf(filters), page);
  const shown = events.slice(0, perPage);
  const nextBeforeId = events.length > perPage ? (shown.at(-1)?.id ?? null) : null;
  const names = await services.records.auditNames(guildId, shown);
  const lines = shown.length === 0 ? ['None.'] : shown.map((event) => describeAuditEvent(event, names, fullTime));
  return {
    embeds: [withFilters(embed({ title: 'Changes', lines }), filters)],
    rows: pageRow(context, { position, nextBeforeId, handler: auditPageHandler }),
    postable: true,
  };
}

function queryOf({ license, person, action, since }: Filters): AuditQuery {
  const known: AuditAction | undefined = auditActions.find((each) => each === action);
  return {
    ...(license && { licenseId: idOf(license) }),
    ...(person && { actor: { type: 'user', id: person } }),
    ...(known && { action: known }),
    ...(since && { since: new Date(since) }),
  };
}
