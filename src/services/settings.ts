import { isDeepStrictEqual } from 'node:util';
import { keyFormatProblem, keyFormatOf, keyFormatWarning } from '../domain/values/key-format.ts';
import { bindingKinds } from '../domain/limits.ts';
import type { Warning } from '../domain/warning.ts';
import type { CommandError } from '../domain/command-error.ts';
import { type Result, fail, succeed } from '../domain/values/result.ts';
import { type SettingKey, type Settings, settingKeys, settingsSchema } from '../domain/settings/settings.ts';
import { settingsTable } from '../domain/settings/settings-table.ts';
import { parseSetting } from '../domain/settings/parse-setting.ts';
import type { By, ServiceContext } from './context.ts';
import { auditEvent, noTrail } from './trail.ts';

export interface SettingsChanged {
  readonly settings: Settings;
  /** The settings that differ now, in the table's order. */
  readonly changes: readonly { readonly key: SettingKey; readonly before: unknown; readonly after: unknown }[];
  /** The change was made all the same. */
  readonly warnings: readonly Warning[];
  readonly effectIds: readonly number[];
}

export interface SettingsService {
  /** All settings of a guild. Fails with guild-not-found. */
  view(guildId: string): Promise<Result<Settings, CommandError>>;
  /**
   * Changes one setting, read from text. Fails with unknown-setting, invalid-setting, nothing-to-change or
   * guild-not-found.
   */
  set(input: By & { readonly key: string; readonly value: string }): Promise<Result<SettingsChanged, CommandError>>;
  /** Changes several settings, all or none. Fails as `set` does. */
  patch(input: By & { readonly patch: Partial<Settings> }): Promise<Result<SettingsChanged, CommandError>>;
}

type Outcome = Result<Omit<SettingsChanged, 'effectIds'>, CommandError>;

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
    const changed = await storage.changeSettings<{ readonly outcome: Outcome }>(input.guildId, (before) => {
      const reject = (error: CommandError) => ({ next: null, trail: noTrail, result: { outcome: fail(error) } });
      const next: Settings = { ...before, ...input.patch };
      const changes = settingKeys
        .filter((key) => !isDeepStrictEqual(before[key], next[key]))
        .map((key) => ({ key, before: before[key], after: next[key] }));
      if (changes.length === 0) return reject({ code: 'nothing-to-change' });
      const problem = keyFormatProblem(keyFormatOf(next));
      if (problem !== null) return reject({ code: 'invalid-setting', key: keyOf(changes), problem });
      const details = Object.fromEntries(changes.map(({ key, ...change }) => [key, change]));
      return {
        next,
        trail: { audit: [auditEvent(input, 'settings.changed', 'settings', details)], effects: [] },
        result: { outcome: succeed({ settings: next, changes, warnings: warningsOf(next, changes) }) },
      };
    });
    if (!changed) return fail({ code: 'guild-not-found', guildId: input.guildId });
    return changed.outcome.ok ? succeed({ ...changed.outcome.value, effectIds: changed.effectIds }) : changed.outcome;
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
  const isFollowing = next['limits.ipMode'] === 'follow-hwid' && next['limits.hwid'] === null;
  const isNews = isChanged('limits.ipMode') || isChanged('limits.hwid');
  const following = isFollowing && isNews ? ([{ code: 'hwids-unlimited' }] as const) : [];
  const keyWarning = changes.some(({ key }) => isKeySetting(key)) ? keyFormatWarning(keyFormatOf(next)) : null;
  return [...zeroLimits, ...following, ...(keyWarning === null ? [] : [keyWarning])];
}
