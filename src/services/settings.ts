import { isDeepStrictEqual } from 'node:util';
import { keyFormatProblem, keyFormatOf, keyFormatWarning } from '../domain/key-format.ts';
import { bindingKinds } from '../domain/limits.ts';
import type { Warning } from '../domain/warning.ts';
import type { CommandError } from '../domain/command-error.ts';
import { type Result, fail, succeed } from '../domain/result.ts';
import { type SettingKey, type Settings, settingKeys, settingsSchema } from '../domain/settings.ts';
import { settingsTable } from '../domain/settings-table.ts';
import { parseSetting } from '../domain/parse-setting.ts';
import type { By, ServiceContext } from './context.ts';
import { auditEvent, noTrail } from './trail.ts';

export interface SettingsChanged {
  readonly settings: Settings;
  /** What changed: key, before, after. */
  readonly changes: readonly { readonly key: SettingKey; readonly before: unknown; readonly after: unknown }[];
  /** The change was made all the same. */
  readonly warnings: readonly Warning[];
  readonly effectIds: readonly number[];
}

export interface SettingsService {
  view(guildId: string): Promise<Result<Settings, CommandError>>;
  /** One setting from text. Refuses: unknown-setting, invalid-setting, nothing-to-change. */
  set(input: By & { readonly key: string; readonly value: string }): Promise<Result<SettingsChanged, CommandError>>;
  /** Several at once, all or none. Refuses as `set`. */
  patch(input: By & { readonly patch: Partial<Settings> }): Promise<Result<SettingsChanged, CommandError>>;
}

type Answer = Result<Omit<SettingsChanged, 'effectIds'>, CommandError>;

export function createSettingsService({ storage }: ServiceContext): SettingsService {
  async function view(guildId: string): Promise<Result<Settings, CommandError>> {
    const bundle = await storage.bundle(guildId);
    return bundle ? succeed(bundle.settings) : fail({ code: 'guild-not-found', guildId });
  }

  function set(
    input: By & { readonly key: string; readonly value: string },
  ): Promise<Result<SettingsChanged, CommandError>> {
    const parsed = parseSetting(input.key, input.value);
    if (!parsed.ok) return Promise.resolve(parsed);
    return patch({ ...input, patch: { [parsed.value.key]: parsed.value.value } });
  }

  async function patch(
    input: By & { readonly patch: Partial<Settings> },
  ): Promise<Result<SettingsChanged, CommandError>> {
    const checked = settingsSchema.partial().safeParse(input.patch);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      const key = settingKeys.find((known) => known === issue?.path[0]);
      if (!key) return fail({ code: 'unknown-setting', key: unknownKey(input.patch), nearest: null });
      return fail({
        code: 'invalid-setting',
        key,
        problem: { code: 'not-allowed', allowed: settingsTable[key].allowed },
      });
    }
    const changed = await storage.changeSettings<{ readonly answer: Answer }>(input.guildId, (before) => {
      const no = (refusal: CommandError) => ({ next: null, trail: noTrail, result: { answer: fail(refusal) } });
      const next: Settings = { ...before, ...input.patch };
      const changes = settingKeys
        .filter((key) => !isDeepStrictEqual(before[key], next[key]))
        .map((key) => ({ key, before: before[key], after: next[key] }));
      if (changes.length === 0) return no({ code: 'nothing-to-change' });
      const problem = keyFormatProblem(keyFormatOf(next));
      if (problem !== null) return no({ code: 'invalid-setting', key: keyOf(changes), problem });
      const details = Object.fromEntries(changes.map(({ key, ...change }) => [key, change]));
      return {
        next,
        trail: { audit: [auditEvent(input, 'settings.changed', 'settings', details)], effects: [] },
        result: { answer: succeed({ settings: next, changes, warnings: warningsOf(next, changes) }) },
      };
    });
    if (!changed) return fail({ code: 'guild-not-found', guildId: input.guildId });
    return changed.answer.ok ? succeed({ ...changed.answer.value, effectIds: changed.effectIds }) : changed.answer;
  }

  return { view, set, patch };
}

type Changes = SettingsChanged['changes'];

function unknownKey(patch: object): string {
  return Object.keys(patch).find((key) => !settingKeys.some((known) => known === key)) ?? '';
}

/** Whether the setting is about the format of new keys. */
function isKeySetting(key: SettingKey): boolean {
  return settingsTable[key].section === 'keys';
}

function keyOf(changes: Changes): string {
  return changes.find(({ key }) => isKeySetting(key))?.key ?? 'key.length';
}

function warningsOf(next: Settings, changes: Changes): readonly Warning[] {
  const isChanged = (key: SettingKey) => changes.some((change) => change.key === key);
  const zeroLimits = bindingKinds
    .filter((kind) => isChanged(`limits.${kind}`) && next[`limits.${kind}`] === 0)
    .map((kind) => ({ code: 'zero-limit', kind }) as const);
  const keyWarning = changes.some(({ key }) => isKeySetting(key)) ? keyFormatWarning(keyFormatOf(next)) : null;
  return keyWarning === null ? zeroLimits : [...zeroLimits, keyWarning];
}
