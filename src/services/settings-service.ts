import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { SettingKey, Settings } from '../domain/settings.ts';
import type { By } from './context.ts';

export interface SettingsChanged {
  readonly settings: Settings;
  /** What changed: key, before, after. */
  readonly changes: readonly { readonly key: SettingKey; readonly before: unknown; readonly after: unknown }[];
  /** Whole sentences; the change was made all the same. */
  readonly warnings: readonly string[];
  readonly effectIds: readonly number[];
}

export interface SettingsService {
  view(guildId: string): Promise<Result<Settings, Refusal>>;
  /** One setting from text. Refuses: unknown-setting, invalid-setting, nothing-to-change. */
  set(input: By & { readonly key: string; readonly value: string }): Promise<Result<SettingsChanged, Refusal>>;
  /** Several at once, all or none. Refuses as `set`. */
  patch(input: By & { readonly patch: Partial<Settings> }): Promise<Result<SettingsChanged, Refusal>>;
}
