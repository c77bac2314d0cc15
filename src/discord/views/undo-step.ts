import type { AuditEvent } from '../../domain/audit.ts';
import { permissionToUndo, type UndoableStep } from '../../domain/undoable-steps.ts';
import { changeReply } from '../framework/change-reply.ts';
import type { ComponentCall, GuildContext } from '../framework/command-context.ts';
import { row, select } from '../framework/components.ts';
import type { Reply, Row } from '../framework/reply.ts';
import { auditWords } from '../texts/audit.ts';
import { describeCommandError } from '../texts/command-errors.ts';
import { licenseName } from '../texts/licenses.ts';

/** The handler of the menu below a license's history; its state is the license's id, its value the id of an event. */
export const undoStepHandler = 'audit-undo';

/** The menu that undoes steps of a license's history, which stand in the lines above; none where none can be undone. */
export async function undoStepRows(
  context: GuildContext,
  licenseId: number,
  shown: readonly AuditEvent[],
): Promise<readonly Row[]> {
  const steps = await context.services.licenses.undoableSteps(context.guildId, licenseId);
  const allowed = steps.filter((step) => context.missing(permissionToUndo(step)) === null);
  const options = shown.flatMap(({ id, action }, index) =>
    allowed.some((step) => step.id === id) ? [{ label: `${index + 1}. ${auditWords[action]}`, value: String(id) }] : [],
  );
  if (options.length === 0) return [];
  return [row(select(context.customId(undoStepHandler, [licenseId]), 'Undo …', options))];
}

/** Undoes the step that was picked, for staff who may make that change themselves. */
export async function undoStep(context: GuildContext & ComponentCall): Promise<Reply | string> {
  const { services, guildId, by, isManager } = context;
  const [licenseId, stepId] = [Number(context.state[0]), Number(context.values[0])];
  const steps = await services.licenses.undoableSteps(guildId, licenseId);
  const step = steps.find(({ id }) => id === stepId);
  if (!step) return describeCommandError({ code: 'changed-since' });
  const missing = context.missing(permissionToUndo(step));
  if (missing !== null) return missing;
  const mayReveal = context.missing('license.reveal') === null;
  const done = await services.licenses.undoStep({ ...by, licenseId, stepId, mayManage: isManager, mayReveal });
  if (!done.ok) return describeCommandError(done.error);
  return changeReply(context, done.value.effectIds, {
    title: 'Undone',
    lines: [describeUndone(step, licenseName(done.value)), '`/audit` shows it as a change of its own.'],
  });
}

/** What is as it was before the step. */
export function describeUndone({ action }: Pick<UndoableStep, 'action'>, license: string): string {
  switch (action) {
    case 'license.suspended':
      return `${license} is no longer suspended.`;
    case 'license.resumed':
      return `${license} is suspended again.`;
    case 'license.extended':
      return `${license} ends again when it ended before.`;
    case 'license.changed':
      return `${license} is again as it was before that change.`;
    case 'license.reassigned':
      return `${license} belongs again to whom it belonged before.`;
    case 'license.reset':
      return `The machines of ${license} that were forgotten count again.`;
    case 'license.deleted':
      return `${license} is back, with its key and its machines.`;
  }
}
