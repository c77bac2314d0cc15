import { z } from 'zod';
import { maxForgetAfter, maxLimit } from './limits.ts';

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
