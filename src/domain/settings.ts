import { z } from 'zod';
import { parseDuration } from './expiry.ts';
import { maxForgetAfter, maxLimit } from './limits.ts';
import type { CommandError } from './command-error.ts';
import { fail, type Result, succeed } from './result.ts';
import { settingHelp } from './setting-help.ts';
import { nearestName } from './text.ts';

const limit = z.int().min(0).max(maxLimit).nullable();
const minutes = z.int().min(1).max(maxForgetAfter).nullable();
const id = z
  .string()
  .regex(/^\d{15,20}$/, 'a Discord id: 15 to 20 digits')
  .nullable();
const roleList = z.array(z.string().regex(/^\d{15,20}$/, 'Discord role ids')).nullable();
const onEvent = z.enum(['nothing', 'alert', 'suspend']);
const count = (min: number, max: number) => z.int().min(min).max(max);

/** What a role list can be given for: `roles.<action>`. */
export const staffActions = [
  'license.view',
  'license.issue',
  'license.edit',
  'license.suspend',
  'license.reassign',
  'license.rekey',
  'license.resend',
  'license.reset',
  'license.reveal',
  'license.bulk',
  'license.delete',
  'product',
  'blacklist',
  'logs',
  'apikey',
  'settings',
] as const;
export type StaffAction = (typeof staffActions)[number];

/** Actions that need Manage Server while their role list is unset; the others need Moderate Members. */
export const manageServerActions: readonly StaffAction[] = [
  'license.reveal',
  'license.bulk',
  'license.delete',
  'apikey',
  'settings',
];

const lukittuFields = ['license', 'customers', 'products'] as const;

/** Every setting of a guild, with what it may be. */
export const settingsSchema = z.strictObject({
  'limits.ip': limit,
  'limits.hwid': limit,
  'limits.mac': limit,
  'forgetAfter.ip': minutes,
  'forgetAfter.hwid': minutes,
  'forgetAfter.mac': minutes,
  'tki.requireHwid': z.boolean(),
  'lukittu.requireHwid': z.boolean(),
  'lukittu.strictCustomers': z.boolean(),
  'lukittu.strictProducts': z.boolean(),
  'lukittu.strictReleases': z.boolean(),
  'lukittu.returnedFields': z.array(z.enum(lukittuFields)),
  'sunlicense.acceptDeclaredIp': z.boolean(),
  'faxstore.v1': z.boolean(),
  'licensegate.product': z.string().min(1).max(100),
  'key.prefix': z
    .string()
    .max(50)
    .regex(/^[\x20-\x7e]*$/, 'printable characters')
    .refine((prefix) => prefix.trimStart() === prefix, 'no leading blank'),
  'key.length': count(1, 200),
  'key.letters': z.boolean(),
  'key.digits': z.boolean(),
  'key.hyphenEvery': count(0, 200),
  'channels.valid': id,
  'channels.failed': id,
  'channels.admin': id,
  'channels.alerts': id,
  'channels.validMode': z.enum(['new-machines', 'all', 'off']),
  'roles.customer': id,
  'roles.license.view': roleList,
  'roles.license.issue': roleList,
  'roles.license.edit': roleList,
  'roles.license.suspend': roleList,
  'roles.license.reassign': roleList,
  'roles.license.rekey': roleList,
  'roles.license.resend': roleList,
  'roles.license.reset': roleList,
  'roles.license.reveal': roleList,
  'roles.license.bulk': roleList,
  'roles.license.delete': roleList,
  'roles.product': roleList,
  'roles.blacklist': roleList,
  'roles.logs': roleList,
  'roles.apikey': roleList,
  'roles.settings': roleList,
  'reset.perDay': count(0, 100),
  'reset.per30Days': count(0, 1000),
  'remind.days': z.array(count(1, 365)).max(5),
  'dm.firstContactsPerHour': count(0, 1000),
  'claim.onRoleLost': onEvent,
  'member.onLeave': onEvent,
  'member.onBan': onEvent,
  'retention.attemptDays': count(0, 10_000),
  'issue.perStaffPerDay': count(0, 100_000),
  locale: z.enum(['en']),
});

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
export type SettingKey = keyof Settings;
export const settingKeys = Object.keys(settingsSchema.shape) as readonly SettingKey[];

export const defaultSettings: Settings = {
  'limits.ip': 5,
  'limits.hwid': 5,
  'limits.mac': null,
  'forgetAfter.ip': null,
  'forgetAfter.hwid': null,
  'forgetAfter.mac': null,
  'tki.requireHwid': true,
  'lukittu.requireHwid': false,
  'lukittu.strictCustomers': false,
  'lukittu.strictProducts': false,
  'lukittu.strictReleases': false,
  'lukittu.returnedFields': [...lukittuFields],
  'sunlicense.acceptDeclaredIp': true,
  'faxstore.v1': true,
  'licensegate.product': 'LicenseGate',
  'key.prefix': '',
  'key.length': 25,
  'key.letters': true,
  'key.digits': true,
  'key.hyphenEvery': 5,
  'channels.valid': null,
  'channels.failed': null,
  'channels.admin': null,
  'channels.alerts': null,
  'channels.validMode': 'new-machines',
  'roles.customer': null,
  'roles.license.view': null,
  'roles.license.issue': null,
  'roles.license.edit': null,
  'roles.license.suspend': null,
  'roles.license.reassign': null,
  'roles.license.rekey': null,
  'roles.license.resend': null,
  'roles.license.reset': null,
  'roles.license.reveal': null,
  'roles.license.bulk': null,
  'roles.license.delete': null,
  'roles.product': null,
  'roles.blacklist': null,
  'roles.logs': null,
  'roles.apikey': null,
  'roles.settings': null,
  'reset.perDay': 1,
  'reset.per30Days': 4,
  'remind.days': [7, 1],
  'dm.firstContactsPerHour': 20,
  'claim.onRoleLost': 'alert',
  'member.onLeave': 'nothing',
  'member.onBan': 'nothing',
  'retention.attemptDays': 90,
  'issue.perStaffPerDay': 25,
  locale: 'en',
};

/** The setting that a role list for this action lives in. */
export function roleSetting<A extends StaffAction>(action: A): `roles.${A}` {
  return `roles.${action}`;
}

/** A setting's new value, as its schema accepts it. */
export interface SettingChange<K extends SettingKey = SettingKey> {
  readonly key: K;
  readonly value: Settings[K];
}

const booleans = new Map([
  ...['on', 'true', 'yes'].map((word) => [word, true] as const),
  ...['off', 'false', 'no'].map((word) => [word, false] as const),
]);
const mention = /^<(?:#|@&)(\d{15,20})>$/;
const quoted = /^"(.*)"$/s;

/**
 * Reads what somebody wrote for a setting, on the command line or in Discord: `on`, `unlimited`, `none`, `unset`,
 * numbers, lists with commas, ids also as mentions.
 */
export function parseSetting(key: string, text: string): Result<SettingChange, CommandError> {
  const wanted = key.trim();
  const known = settingKeys.find((name) => name.toLowerCase() === wanted.toLowerCase());
  if (known === undefined) {
    return fail({ code: 'unknown-setting', key: wanted.slice(0, 100), nearest: nearestName(wanted, settingKeys) });
  }
  // The first reading that the setting takes.
  for (const reading of readingsOf(known, text)) {
    const parsed = settingsSchema.shape[known].safeParse(reading);
    if (parsed.success) return succeed({ key: known, value: parsed.data });
  }
  return fail({ code: 'invalid-setting', key: known, mistake: settingError(known) });
}

/** What to say to a value that the setting does not take: one sentence naming what it does. */
export function settingError(key: SettingKey): string {
  return `This must be ${settingHelp[key].allowed}.`;
}

/** One line: what the setting does. */
export function describeSetting(key: SettingKey): string {
  return settingHelp[key].does;
}

/** A value as people read it; with its key in the words that `parseSetting` reads back. */
export function settingText(value: Settings[SettingKey], key: SettingKey | null = null): string {
  if (value === null) return key === null ? 'none' : nothingText(key);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) {
    if (value.length > 0) return value.join(', ');
    return key !== null && isRoleList(key) ? 'manage-server' : 'none';
  }
  if (value === '') return 'none';
  return typeof value === 'string' && value.trim() !== value ? `"${value}"` : String(value);
}

function readingsOf(key: SettingKey, text: string): readonly unknown[] {
  const trimmed = text.trim();
  const word = trimmed.toLowerCase();
  if (key === 'key.prefix') return [word === 'none' ? '' : (quoted.exec(trimmed)?.[1] ?? text)];
  const items = trimmed
    .replace(/^\[(.*)\]$/s, '$1')
    .split(',')
    .map(plainItem)
    .filter((item) => item !== '');
  const durationMs = key.startsWith('forgetAfter.') ? parseDuration(word) : null;
  return [
    ...(isNothing(key, word) ? [null] : []),
    ...(word === '[]' || word === (isRoleList(key) ? 'manage-server' : 'none') ? [[]] : []),
    ...(key === 'lukittu.returnedFields' && word === 'all' ? [['license', 'customers', 'products']] : []),
    booleans.get(word),
    ...(durationMs === null ? [] : [durationMs / 60_000]),
    ...(/^\d{1,9}$/.test(word) ? [Number(word)] : []),
    plainItem(trimmed),
    word,
    ...(items.length > 0 ? [[...new Set(items)], [...new Set(items.map(Number))]] : []),
  ];
}

/** How people write a null. */
function nothingText(key: SettingKey): string {
  if (key.startsWith('limits.')) return 'unlimited';
  return key.startsWith('forgetAfter.') ? 'never' : 'unset';
}

/** `none` may be meant as "nobody" for a limit or a role list, the opposite of what null means there. */
function isNothing(key: SettingKey, word: string): boolean {
  const isAmbiguous = key.startsWith('limits.') || isRoleList(key);
  return word === 'null' || word === nothingText(key) || (word === 'none' && !isAmbiguous);
}

function isRoleList(key: SettingKey): boolean {
  return key.startsWith('roles.') && key !== 'roles.customer';
}

/** Without a mention's marks, and without the quotes of a JSON list. */
function plainItem(text: string): string {
  const item = text.trim().replace(quoted, '$1');
  return mention.exec(item)?.[1] ?? item;
}
