import type { z } from 'zod';
import {
  channel,
  choice,
  choiceList,
  count,
  countList,
  keyPrefix,
  limit,
  minutes,
  onOff,
  productName,
  role,
  roleList,
  type Setting,
  type SettingKind,
} from './setting-kinds.ts';
import { roleSetting, type StaffAction, staffActions, staffActionTable } from './staff-actions.ts';

/** A row: what is not given comes from the kind. */
function setting<S extends z.ZodType>(
  kind: SettingKind<S>,
  own: Pick<Setting<S>, 'default' | 'section' | 'does'> & Partial<Pick<Setting<S>, 'allowed'>>,
): Setting<S> {
  return { ...kind, ...own };
}

/** The role list of one staff action. */
function roleListOf(action: StaffAction) {
  return setting(roleList, {
    default: null,
    section: 'staff',
    does: `Roles that may ${staffActionTable[action].does}, besides members with Manage Server.`,
  });
}

const roleLists = Object.fromEntries(
  staffActions.map((action) => [roleSetting(action), roleListOf(action)]),
) as Readonly<Record<`roles.${StaffAction}`, ReturnType<typeof roleListOf>>>;

const memberEvent = choice('nothing', 'alert', 'suspend');

/**
 * Every setting of a guild, in the order in which settings are listed. All that the program knows of a setting is in
 * its row here, and a new setting is a new row; docs/configuration.md documents it for people, which a test compares
 * with this table.
 */
export const settingsTable = {
  'limits.ip': setting(limit, { default: 5, section: 'limits', does: 'How many IPs may use a license.' }),
  'limits.hwid': setting(limit, { default: 5, section: 'limits', does: 'How many HWIDs may use a license.' }),
  'limits.mac': setting(limit, { default: null, section: 'limits', does: 'How many MAC addresses may use a license.' }),
  'limits.ipMode': setting(choice('strict', 'follow-hwid'), {
    default: 'strict',
    section: 'limits',
    does: 'Whether the new address of a machine that is known by its HWID takes the place of an old one.',
  }),
  'limits.onFull': setting(choice('refuse', 'replace-oldest'), {
    default: 'refuse',
    section: 'limits',
    does: 'Whether a new machine is refused where all are taken, or replaces the one unseen for longest.',
  }),
  'limits.replacesPer30Days': setting(count(0, 1000), {
    default: 4,
    section: 'limits',
    does: 'How often new machines may replace others on a license in 30 days (replace-oldest).',
  }),
  'limits.helpers': setting(count(0, 10), {
    default: 3,
    section: 'limits',
    does: 'How many users an owner may share a license with; 0: none.',
  }),
  'forgetAfter.ip': setting(minutes, {
    default: null,
    section: 'limits',
    does: 'When an unseen IP no longer counts.',
  }),
  'forgetAfter.hwid': setting(minutes, {
    default: null,
    section: 'limits',
    does: 'When an unseen HWID no longer counts.',
  }),
  'forgetAfter.mac': setting(minutes, {
    default: null,
    section: 'limits',
    does: 'When an unseen MAC address no longer counts.',
  }),
  'key.ignoreCase': setting(onOff, {
    default: false,
    section: 'programs',
    does: 'Whether client programs may send keys in another letter case.',
  }),
  'hwid.placeholders': setting(choice('accept', 'alert', 'refuse'), {
    default: 'alert',
    section: 'programs',
    does: 'What happens where a program sends a HWID that any number of machines have, such as “unknown”.',
  }),
  'tki.requireHwid': setting(onOff, {
    default: true,
    section: 'programs',
    does: 'Whether TKI clients must send a HWID.',
  }),
  'lukittu.requireHwid': setting(onOff, {
    default: false,
    section: 'programs',
    does: 'Whether Lukittu clients must send a hardware identifier.',
  }),
  'lukittu.strictCustomers': setting(onOff, {
    default: false,
    section: 'programs',
    does: 'Whether Lukittu clients must name the customer.',
  }),
  'lukittu.strictProducts': setting(onOff, {
    default: false,
    section: 'programs',
    does: 'Whether Lukittu clients must name the product.',
  }),
  'lukittu.strictReleases': setting(onOff, {
    default: false,
    section: 'programs',
    does: 'Whether Lukittu clients must name a known version.',
  }),
  'lukittu.returnedFields': setting(choiceList('license', 'customers', 'products'), {
    default: ['license', 'customers', 'products'],
    section: 'programs',
    does: 'What a valid Lukittu answer tells beyond its result.',
  }),
  'sunlicense.acceptDeclaredIp': setting(onOff, {
    default: true,
    section: 'programs',
    does: 'Whether the IP that SunLicense clients declare replaces the observed one for limits.',
  }),
  'faxstore.v1': setting(onOff, {
    default: true,
    section: 'programs',
    does: 'Whether the FaxStore V1 route answers.',
  }),
  'licensegate.product': setting(productName, {
    default: 'LicenseGate',
    section: 'programs',
    does: 'The product that licenses made through the LicenseGate API belong to.',
  }),
  'key.prefix': setting(keyPrefix, { default: '', section: 'keys', does: 'What new keys begin with.' }),
  'key.length': setting(count(1, 200), {
    default: 25,
    section: 'keys',
    does: 'How many random characters new keys have.',
    allowed: 'a whole number from 1 to 200, and with prefix and hyphens at most 255 in all',
  }),
  'key.letters': setting(onOff, {
    default: true,
    section: 'keys',
    does: 'Whether new keys hold letters.',
    allowed: 'on or off, and on where key.digits is off',
  }),
  'key.digits': setting(onOff, {
    default: true,
    section: 'keys',
    does: 'Whether new keys hold digits.',
    allowed: 'on or off, and on where key.letters is off',
  }),
  'key.hyphenEvery': setting(count(0, 200), {
    default: 5,
    section: 'keys',
    does: 'After how many characters of a new key a hyphen stands; 0: none.',
  }),
  'channels.valid': setting(channel, {
    default: null,
    section: 'channels',
    does: 'Where granted checks are posted.',
  }),
  'channels.failed': setting(channel, {
    default: null,
    section: 'channels',
    does: 'Where refused checks are posted.',
  }),
  'channels.admin': setting(channel, {
    default: null,
    section: 'channels',
    does: 'Where what staff did is posted.',
  }),
  'channels.alerts': setting(channel, { default: null, section: 'channels', does: 'Where alerts are posted.' }),
  'channels.validMode': setting(choice('new-machines', 'all', 'off'), {
    default: 'new-machines',
    section: 'channels',
    does: 'Which granted checks are posted.',
  }),
  'roles.customer': setting(role, {
    default: null,
    section: 'buyers',
    does: 'The role that owners of licenses get, and those they share them with.',
  }),
  ...roleLists,
  'reset.perDay': setting(count(0, 100), {
    default: 1,
    section: 'buyers',
    does: 'How often an owner may reset a license in 24 hours.',
  }),
  'reset.per30Days': setting(count(0, 1000), {
    default: 4,
    section: 'buyers',
    does: 'How often an owner may reset a license in 30 days.',
  }),
  'remind.days': setting(countList(1, 365), {
    default: [7, 1],
    section: 'buyers',
    does: 'How many days before its end an owner is reminded.',
  }),
  'dm.firstContactsPerHour': setting(count(0, 1000), {
    default: 20,
    section: 'buyers',
    does: 'How many users that have no messages from the bot yet it may write to in an hour.',
  }),
  'claim.onRoleLost': setting(memberEvent, {
    default: 'alert',
    section: 'buyers',
    does: 'What happens to a claimed license when its owner loses the role.',
  }),
  'member.onLeave': setting(memberEvent, {
    default: 'nothing',
    section: 'buyers',
    does: 'What happens to the licenses of a member who leaves.',
  }),
  'member.onBan': setting(memberEvent, {
    default: 'nothing',
    section: 'buyers',
    does: 'What happens to the licenses of a member who is banned.',
  }),
  'retention.attemptDays': setting(count(0, 10_000), {
    default: 90,
    section: 'records',
    does: 'After how many days attempts are deleted; 0: never.',
  }),
  'retention.alertDays': setting(count(0, 10_000), {
    default: 90,
    section: 'records',
    does: 'After how many days alerts are deleted; 0: never.',
  }),
  'issue.perStaffPerDay': setting(count(0, 100_000), {
    default: 25,
    section: 'staff',
    does: 'How many licenses a staff member without Manage Server may issue in 24 hours.',
  }),
  locale: setting(choice('en'), { default: 'en', section: 'records', does: 'The language the bot speaks.' }),
};
