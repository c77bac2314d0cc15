import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  defaultSettings,
  type SettingKey,
  settingKeys,
  type Settings,
  settingsSchema,
} from '../../../src/domain/settings/settings.ts';
import { parseSetting, settingText } from '../../../src/domain/settings/parse-setting.ts';
import { roleSetting, staffActions } from '../../../src/domain/settings/staff-actions.ts';
import { settingsTable } from '../../../src/domain/settings/settings-table.ts';
import { describeSettingProblem } from '../../../src/texts/setting-problems.ts';

/** What a value is answered that the setting does not take. */
const notAllowed = (key: SettingKey) => ({ code: 'not-allowed', allowed: settingsTable[key].allowed }) as const;

const role = '123456789012345678';
const otherRole = '223456789012345678';

describe('settings', () => {
  test('the defaults are valid, and every staff action has its role list', () => {
    expect(settingsSchema.parse(defaultSettings)).toEqual(defaultSettings);
    for (const action of staffActions) expect(settingKeys).toContain(roleSetting(action));
  });

  test.each(settingKeys)('%s says in one line what it does and what it may be', (key) => {
    expect(settingsTable[key].does).toMatch(/^[A-Z].{10,}\.$/);
    expect(describeSettingProblem(notAllowed(key))).toMatch(/^This must be .+\.$/);
  });

  test('no two settings are described alike', () => {
    expect(new Set(settingKeys.map((key) => settingsTable[key].does)).size).toBe(settingKeys.length);
  });
});

describe('parseSetting', () => {
  test.each<[SettingKey, string, Settings[SettingKey]]>([
    ['limits.ip', '10', 10],
    ['limits.ip', ' Unlimited ', null],
    ['limits.hwid', 'null', null],
    ['limits.ip', '0', 0],
    ['forgetAfter.ip', '720', 720],
    ['forgetAfter.ip', '12h', 720],
    ['forgetAfter.ip', 'never', null],
    ['forgetAfter.ip', 'none', null],
    ['tki.requireHwid', 'off', false],
    ['tki.requireHwid', 'No', false],
    ['faxstore.v1', 'TRUE', true],
    ['lukittu.returnedFields', 'license, products', ['license', 'products']],
    ['lukittu.returnedFields', 'all', ['license', 'customers', 'products']],
    ['lukittu.returnedFields', 'none', []],
    ['lukittu.returnedFields', '["license"]', ['license']],
    ['licensegate.product', 'My Shop', 'My Shop'],
    ['licensegate.product', 'none', 'none'],
    ['key.prefix', '"TKI - "', 'TKI - '],
    ['key.prefix', 'TKI - ', 'TKI - '],
    ['key.prefix', 'none', ''],
    ['key.prefix', '', ''],
    ['key.length', '16', 16],
    ['channels.valid', `<#${role}>`, role],
    ['channels.valid', 'none', null],
    ['channels.valid', 'unset', null],
    ['channels.validMode', 'off', 'off'],
    ['channels.validMode', 'New-Machines', 'new-machines'],
    ['roles.customer', `<@&${role}>`, role],
    ['roles.customer', 'none', null],
    ['roles.license.issue', `${role}, <@&${otherRole}>`, [role, otherRole]],
    ['roles.license.issue', `${role},${role}`, [role]],
    ['roles.license.issue', role, [role]],
    ['roles.license.issue', 'unset', null],
    ['roles.license.issue', 'manage-server', []],
    ['roles.license.issue', '[]', []],
    ['remind.days', '14,3,1', [14, 3, 1]],
    ['remind.days', '[7, 1]', [7, 1]],
    ['remind.days', '7', [7]],
    ['remind.days', 'none', []],
    ['member.onBan', 'suspend', 'suspend'],
    ['retention.attemptDays', '0', 0],
  ])('%s = %j', (key, text, value) => {
    expect(parseSetting(key, text)).toEqual({ ok: true, value: { key, value } });
  });

  test.each<[SettingKey, string]>([
    ['limits.ip', '-1'],
    ['limits.ip', '1001'],
    ['limits.ip', '1.5'],
    ['limits.ip', 'none'],
    ['limits.ip', ''],
    ['forgetAfter.ip', '0'],
    ['tki.requireHwid', '1'],
    ['tki.requireHwid', 'maybe'],
    ['lukittu.returnedFields', 'license,secrets'],
    ['licensegate.product', ''],
    ['key.prefix', '" leading"'],
    ['key.prefix', 'ümlaut'],
    ['key.length', '0'],
    ['key.length', '201'],
    ['channels.valid', '#general'],
    ['channels.validMode', 'sometimes'],
    ['roles.license.issue', 'none'],
    ['roles.license.issue', 'Moderators'],
    ['roles.license.issue', `${role},Moderators`],
    ['remind.days', '366'],
    ['remind.days', '1,2,3,4,5,6'],
    ['remind.days', 'x'],
    ['locale', 'de'],
  ])('%s = %j is refused, naming what is allowed', (key, text) => {
    expect(parseSetting(key, text)).toEqual({
      ok: false,
      error: { code: 'invalid-setting', key, problem: notAllowed(key) },
    });
  });

  test('a key in another case is still that key', () => {
    expect(parseSetting(' LIMITS.IP ', '3')).toEqual({ ok: true, value: { key: 'limits.ip', value: 3 } });
  });

  test.each([
    ['limit.ip', 'limits.ip'],
    ['forgetafter.hwdi', 'forgetAfter.hwid'],
    ['roles.license.isue', 'roles.license.issue'],
    ['constructor', null],
    ['__proto__', null],
    ['weather', null],
  ])('an unknown key %s is refused; the nearest is %j', (key, nearest) => {
    expect(parseSetting(key, '1')).toEqual({ ok: false, error: { code: 'unknown-setting', key, nearest } });
  });

  test('whatever it accepts is valid', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('on', 'none', 'null', '[]', 'unset', 'all', '7,1', role, 'NaN', 'Infinity', '{}'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...settingKeys), text, (key, wanted) => {
        const parsed = parseSetting(key, wanted);
        if (parsed.ok) settingsSchema.parse({ ...defaultSettings, [key]: parsed.value.value });
      }),
    );
  });
});

describe('settingText', () => {
  const examples: Partial<Settings> = {
    'limits.mac': 0,
    'forgetAfter.ip': 720,
    'key.prefix': 'TKI - ',
    'channels.valid': role,
    'roles.logs': [role, otherRole],
    'roles.license.issue': [],
    'remind.days': [],
    'lukittu.returnedFields': [],
    'tki.requireHwid': false,
  };

  test.each([...Object.entries(defaultSettings), ...Object.entries(examples)] as [SettingKey, Settings[SettingKey]][])(
    '%s = %j is written as it can be read',
    (key, value) => {
      expect(parseSetting(key, settingText(value, key))).toEqual({ ok: true, value: { key, value } });
    },
  );
});
