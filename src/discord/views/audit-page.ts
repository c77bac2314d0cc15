import type { APIButtonComponent } from 'discord.js';
import { type AuditAction, auditActions } from '../../domain/audit.ts';
import type { AuditQuery } from '../../storage/port/audit.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { button } from '../framework/components.ts';
import { embed } from '../framework/embed.ts';
import { type Filters, idOf, withFilters } from '../framework/filters.ts';
import { pageRow, type Position } from '../framework/pages.ts';
import type { Reply } from '../framework/reply.ts';
import { describeAuditEvent } from '../texts/audit.ts';
import { fullTime } from '../texts/phrases.ts';
import { undoStepRows } from './undo-step.ts';

const perPage = 10;

/** The handler of the page buttons under a list of changes, which is among the components of `/audit`. */
export const auditPageHandler = 'audit-page';

/** The handler of *History* on a license's card, which is there as well; its state is the license's id. */
export const historyHandler = 'license-history';

/** *History*, for staff who may read it. */
export function historyButton(context: GuildContext, licenseId: number): readonly APIButtonComponent[] {
  return context.missing('logs') === null ? [button(context.customId(historyHandler, [licenseId]), 'History')] : [];
}

/**
 * One page of the audit events that match the filters, newest first. Where they are about one license, its lines have
 * numbers, by which a menu offers to undo them.
 */
export async function auditPage(context: GuildContext, filters: Filters, position: Position): Promise<Reply> {
  const { services, guildId } = context;
  const page = { limit: perPage + 1, beforeId: position.beforeId };
  const events = await services.records.audit(guildId, queryOf(filters), page);
  const shown = events.slice(0, perPage);
  const nextBeforeId = events.length > perPage ? (shown.at(-1)?.id ?? null) : null;
  const names = await services.records.auditNames(guildId, shown);
  const undoRows = filters.license ? await undoStepRows(context, idOf(filters.license), shown) : [];
  const lines = shown.map((event, index) => {
    const line = describeAuditEvent(event, names, fullTime);
    return undoRows.length === 0 ? line : `${index + 1}. ${line}`;
  });
  return {
    embeds: [withFilters(embed({ title: 'Changes', lines: lines.length === 0 ? ['None.'] : lines }), filters)],
    rows: [...undoRows, ...pageRow(context, { position, nextBeforeId, handler: auditPageHandler })],
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
