import type { SettingKey, StaffAction } from './settings.ts';

/** What a setting does, and what it may be, as the end of “must be …”. */
export interface SettingHelp {
  readonly does: string;
  readonly allowed: string;
}

const limit = 'a whole number from 0 to 1000, or unlimited';
const minutes = 'minutes from 1 to 10000000 (720), a duration (12h), or never';
const onOff = 'on or off';
const channel = 'a Discord channel id, or unset';
const onEvent = 'nothing, alert or suspend';
const wholeUpTo = (max: number) => `a whole number from 0 to ${max}`;

const staffActionNames: Readonly<Record<StaffAction, string>> = {
  'license.view': 'see licenses',
  'license.issue': 'issue licenses',
  'license.edit': 'edit and extend licenses',
  'license.suspend': 'suspend and resume licenses',
  'license.reassign': 'reassign licenses',
  'license.rekey': 'give licenses new keys',
  'license.resend': 'send keys to their owners again',
  'license.reset': 'reset machines',
  'license.reveal': 'see whole keys',
  'license.bulk': 'change many licenses at once',
  'license.delete': 'delete and restore licenses',
  product: 'manage products and releases',
  blacklist: 'manage the blacklist',
  logs: 'read attempts',
  apikey: 'manage API keys',
  settings: 'change settings',
};

function roleHelp(action: StaffAction): SettingHelp {
  return {
    does: `Roles that may ${staffActionNames[action]}, besides members with Manage Server.`,
    allowed: 'role ids separated by commas, manage-server (no role), or unset (the default permission)',
  };
}

/** Every setting in words. */
export const settingHelp: Readonly<Record<SettingKey, SettingHelp>> = {
  'limits.ip': { does: 'How many IPs may use a license.', allowed: limit },
  'limits.hwid': { does: 'How many HWIDs may use a license.', allowed: limit },
  'limits.mac': { does: 'How many MAC addresses may use a license.', allowed: limit },
  'forgetAfter.ip': { does: 'When an unseen IP no longer counts.', allowed: minutes },
  'forgetAfter.hwid': { does: 'When an unseen HWID no longer counts.', allowed: minutes },
  'forgetAfter.mac': { does: 'When an unseen MAC address no longer counts.', allowed: minutes },
  'tki.requireHwid': { does: 'Whether TKI clients must send a HWID.', allowed: onOff },
  'lukittu.requireHwid': { does: 'Whether Lukittu clients must send a hardware identifier.', allowed: onOff },
  'lukittu.strictCustomers': { does: 'Whether Lukittu clients must name the customer.', allowed: onOff },
  'lukittu.strictProducts': { does: 'Whether Lukittu clients must name the product.', allowed: onOff },
  'lukittu.strictReleases': { does: 'Whether Lukittu clients must name a known version.', allowed: onOff },
  'lukittu.returnedFields': {
    does: 'What a valid Lukittu answer tells beyond its result.',
    allowed: 'any of license, customers, products separated by commas, all, or none',
  },
  'sunlicense.acceptDeclaredIp': {
    does: 'Whether the IP that SunLicense clients declare replaces the observed one for limits.',
    allowed: onOff,
  },
  'faxstore.v1': { does: 'Whether the FaxStore V1 route answers.', allowed: onOff },
  'licensegate.product': {
    does: 'The product that licenses made through the LicenseGate API belong to.',
    allowed: 'a product name of 1 to 100 characters',
  },
  'key.prefix': {
    does: 'What new keys begin with.',
    allowed: 'up to 50 printable ASCII characters without a leading blank (in quotes where it ends with one), or none',
  },
  'key.length': {
    does: 'How many random characters new keys have.',
    allowed: 'a whole number from 1 to 200, and with prefix and hyphens at most 255 in all',
  },
  'key.letters': { does: 'Whether new keys hold letters.', allowed: 'on or off, and on where key.digits is off' },
  'key.digits': { does: 'Whether new keys hold digits.', allowed: 'on or off, and on where key.letters is off' },
  'key.hyphenEvery': {
    does: 'After how many characters of a new key a hyphen stands; 0: none.',
    allowed: wholeUpTo(200),
  },
  'channels.valid': { does: 'Where granted checks are posted.', allowed: channel },
  'channels.failed': { does: 'Where refused checks are posted.', allowed: channel },
  'channels.admin': { does: 'Where what staff did is posted.', allowed: channel },
  'channels.alerts': { does: 'Where alerts are posted.', allowed: channel },
  'channels.validMode': { does: 'Which granted checks are posted.', allowed: 'new-machines, all or off' },
  'roles.customer': { does: 'The role that every owner of a license gets.', allowed: 'a Discord role id, or unset' },
  'roles.license.view': roleHelp('license.view'),
  'roles.license.issue': roleHelp('license.issue'),
  'roles.license.edit': roleHelp('license.edit'),
  'roles.license.suspend': roleHelp('license.suspend'),
  'roles.license.reassign': roleHelp('license.reassign'),
  'roles.license.rekey': roleHelp('license.rekey'),
  'roles.license.resend': roleHelp('license.resend'),
  'roles.license.reset': roleHelp('license.reset'),
  'roles.license.reveal': roleHelp('license.reveal'),
  'roles.license.bulk': roleHelp('license.bulk'),
  'roles.license.delete': roleHelp('license.delete'),
  'roles.product': roleHelp('product'),
  'roles.blacklist': roleHelp('blacklist'),
  'roles.logs': roleHelp('logs'),
  'roles.apikey': roleHelp('apikey'),
  'roles.settings': roleHelp('settings'),
  'reset.perDay': { does: 'How often an owner may reset a license in 24 hours.', allowed: wholeUpTo(100) },
  'reset.per30Days': { does: 'How often an owner may reset a license in 30 days.', allowed: wholeUpTo(1000) },
  'remind.days': {
    does: 'How many days before its end an owner is reminded.',
    allowed: 'up to five whole numbers from 1 to 365 separated by commas, or none',
  },
  'dm.firstContactsPerHour': {
    does: 'How many users that have no messages from the bot yet it may write to in an hour.',
    allowed: wholeUpTo(1000),
  },
  'claim.onRoleLost': { does: 'What happens to a claimed license when its owner loses the role.', allowed: onEvent },
  'member.onLeave': { does: 'What happens to the licenses of a member who leaves.', allowed: onEvent },
  'member.onBan': { does: 'What happens to the licenses of a member who is banned.', allowed: onEvent },
  'retention.attemptDays': {
    does: 'After how many days attempts are deleted; 0: never.',
    allowed: wholeUpTo(10_000),
  },
  'issue.perStaffPerDay': {
    does: 'How many licenses a staff member without Manage Server may issue in 24 hours.',
    allowed: wholeUpTo(100_000),
  },
  locale: { does: 'The language the bot speaks.', allowed: 'en' },
};
