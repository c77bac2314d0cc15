import { settingText } from '../domain/settings/parse-setting.ts';
import { describeWarning } from '../texts/warnings.ts';
import { commandLine } from '../domain/actor.ts';
import { isSettingKey, type SettingKey, type Settings, settingKeys } from '../domain/settings/settings.ts';
import { nearestName } from '../domain/values/text.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';

function settingsLines(settings: Settings, keys: readonly SettingKey[]): string {
  const width = Math.max(...keys.map((key) => key.length));
  return keys.map((key) => `${key.padEnd(width)}  ${settingText(settings[key], key)}`).join('\n');
}

/** The service gives the values of all settings one type, `unknown`. */
function textOf(value: unknown, key: SettingKey): string {
  return settingText(value as Settings[SettingKey], key);
}

export const settingsCommands: readonly CliCommand[] = [
  {
    usage: 'settings get [key]',
    description: 'all settings, or one',
    run: async (call) => {
      const settings = unwrap(await call.services.settings.view((await call.findGuild()).id));
      const key = call.argument(0);
      if (key !== '' && !isSettingKey(key)) {
        const nearest = nearestName(key, settingKeys);
        return unwrap({ ok: false, error: { code: 'unknown-setting', key, nearest } });
      }
      const keys = key === '' ? settingKeys : [key];
      const values = Object.fromEntries(keys.map((name) => [name, settings[name]]));
      return { json: { settings: values }, text: settingsLines(settings, keys) };
    },
  },
  {
    usage: 'settings set <key> <value>',
    description: 'change one; the next check knows',
    notes: 'Lists are comma-separated; “unset” takes a value away. “settings get” writes values as this reads them.',
    run: async (call) => {
      const by = { guildId: (await call.findGuild()).id, actor: commandLine };
      const set = await call.services.settings.set({ ...by, key: call.argument(0), value: call.argument(1) });
      // Scripts run more than once: that a setting already has the value is no error for them.
      if (!set.ok && set.error.code === 'nothing-to-change') {
        const settings = unwrap(await call.services.settings.view(by.guildId));
        return { json: { settings }, text: `${call.argument(0)} is ${call.argument(1)} already.` };
      }
      const changed = unwrap(set);
      changed.warnings.map(describeWarning).forEach(call.warn);
      const lines = changed.changes.map(
        ({ key, before, after }) => `${key}: ${textOf(before, key)} → ${textOf(after, key)}`,
      );
      return { json: { settings: changed.settings }, text: lines.join('\n') };
    },
  },
];
