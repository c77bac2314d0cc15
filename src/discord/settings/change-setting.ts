import { describeCommandError } from '../texts/command-errors.ts';
import { describeWarning } from '../../texts/warnings.ts';
import type { SettingKey, Settings } from '../../domain/settings/settings.ts';
import { parseSetting, type SettingChange } from '../../domain/settings/parse-setting.ts';
import type { SettingsChanged } from '../../services/settings.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { roleGrantProblem } from '../options/role-grant-problem.ts';
import { describeValue } from '../texts/settings.ts';
import { hiddenCommandWarnings, settingWarnings } from './setting-warnings.ts';
import { controlOf } from './setting-control.ts';

/** The settings as they are now, and what to report about the last change, if there was one. */
export interface SettingsOutcome {
  readonly settings: Settings;
  readonly changed: readonly string[];
  /** Also says why nothing was changed. */
  readonly warnings: readonly string[];
}

/** The outcome of a request that changed nothing. */
export function unchanged(
  { settings }: Pick<GuildContext, 'settings'>,
  ...warnings: readonly string[]
): SettingsOutcome {
  return { settings, changed: [], warnings };
}

/** The outcome as a message's content. */
export function describeOutcome({ changed, warnings }: SettingsOutcome): string {
  return [...changed.map((line) => `✅ ${line}`), ...warnings.map((line) => `⚠️ ${line}`)].join('\n');
}

/** Reads one setting from text and changes it. */
export async function changeSetting(context: GuildContext, key: string, text: string): Promise<SettingsOutcome> {
  const parsed = parseSetting(key, text);
  return parsed.ok ? changeSettings(context, [parsed.value]) : unchanged(context, describeCommandError(parsed.error));
}

/** Changes several settings, all or none. */
export async function changeSettings(
  context: GuildContext,
  changes: readonly SettingChange[],
): Promise<SettingsOutcome> {
  for (const change of changes) {
    const problem = await missingRight(context, change);
    if (problem !== null) return unchanged(context, problem);
  }
  const patch = Object.fromEntries(changes.map(({ key, value }) => [key, value])) as Partial<Settings>;
  const done = await context.services.settings.patch({ ...context.by, patch });
  const warningsByKey = await Promise.all(changes.map(({ key, value }) => settingWarnings(context, key, value)));
  const warnings = [...new Set(warningsByKey.flat())];
  if (!done.ok) return unchanged(context, describeCommandError(done.error), ...warnings);
  const { settings } = done.value;
  const roleIds = changes.flatMap(({ key, value }) => (isRoleList(key, value) ? value : []));
  const hidden = roleIds.length === 0 ? [] : await hiddenCommandWarnings({ ...context, settings }, roleIds);
  return {
    settings,
    changed: done.value.changes.map(describeChange),
    warnings: [...done.value.warnings.map(describeWarning), ...warnings, ...hidden],
  };
}

function isRoleList(key: SettingKey, value: Settings[SettingKey]): value is string[] {
  return controlOf(key).type === 'roles' && Array.isArray(value);
}

function describeChange({ key, before, after }: SettingsChanged['changes'][number]): string {
  const text = (value: unknown) => describeValue(key, value as Settings[typeof key]);
  return `${key}: ${text(before)} → ${text(after)}`;
}

/** A staff member who may change settings but lacks Manage Server must not give themselves more permissions. */
async function missingRight(context: GuildContext, { key, value }: SettingChange): Promise<string | null> {
  if (context.isManager) return null;
  const { type } = controlOf(key);
  if (type === 'roles') return 'You cannot do this: who may do what is for members with the Manage Server permission.';
  return type === 'role' && typeof value === 'string' ? roleGrantProblem(context, value) : null;
}
