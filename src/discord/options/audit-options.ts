import { type AuditAction, auditActions } from '../../domain/audit.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Choice } from '../framework/command-context.ts';
import { auditWords } from '../texts/audit.ts';

const maxChoices = 25;

/** The kinds of changes whose words contain the typed text. */
export function actionChoices(typed: string): readonly Choice[] {
  const wanted = typed.trim().toLowerCase();
  const fitting = auditActions.filter((action) => `${auditWords[action]} ${action}`.toLowerCase().includes(wanted));
  return fitting.slice(0, maxChoices).map((action) => ({ name: auditWords[action], value: action }));
}

/** The kind of change that was picked, or typed in its words; null: the option was left out. */
export function actionFrom(text: string | null): Result<AuditAction | null, CommandError> {
  if (text === null) return succeed(null);
  const wanted = text.trim().toLowerCase();
  const action = auditActions.find((each) => [each, auditWords[each].toLowerCase()].includes(wanted));
  return action ? succeed(action) : fail({ code: 'action-unknown', text });
}
