import { type Field, fieldLimits } from '../domain/values/field-limits.ts';
import { identitySystems } from '../domain/customers/customer.ts';
import type { CommandError } from '../domain/command-error.ts';
import { minuteMs } from '../domain/values/calendar.ts';
import { describeConcerns, describeImpact } from './blacklist-impact.ts';
import { count } from './count.ts';
import { describeBlacklistValueProblem } from './blacklist-problems.ts';
import { describeCauses, holdCauses } from './holds.ts';
import { describeExpiryProblem } from './expiry-problems.ts';
import { describeKeyNearMiss } from './key-near-miss.ts';
import { describeLimitProblem } from './limit-problems.ts';
import { describeFeatureProblem, describeMetadataProblem } from './metadata-problems.ts';
import { describePointsProblem } from './points-problems.ts';
import { describeSettingProblem } from './setting-problems.ts';
import { type TextFormat, utcInstant } from './text-format.ts';

const fieldNames: Readonly<Record<Field, string>> = {
  name: 'name',
  note: 'note',
  order: 'order',
  reason: 'reason',
  productName: 'product name',
  description: 'description',
  url: 'URL',
  version: 'version',
  branch: 'branch',
  apiKeyName: 'API key name',
  scope: 'scope',
  username: 'user name',
  fullName: 'full name',
};

const takenNames = { uuid: 'That UUID', 'discord-id': 'That Discord user', identity: 'That identity' };

const idForms = {
  user: 'A Discord user id has 15 to 20 digits.',
  guild: 'A Discord server id has 15 to 20 digits.',
  role: 'A Discord role id has 15 to 20 digits.',
  team: 'A team id is a UUID, such as 1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90.',
  'hex-user': 'A hex user id has 1 to 64 digits from 0-9 and a-f.',
  product: 'A product number is a whole number from 1 to 2147483647.',
  uuid: 'A UUID looks like 1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90.',
};

/** One sentence or two as plain text: what is wrong, and what to do about it. */
export function describeCommandError(error: CommandError): string {
  return formatCommandError(error, { quote: (text) => text, instant: utcInstant });
}

/** The same where texts of others and instants have to be written in another way. */
export function formatCommandError(error: CommandError, { quote, instant }: TextFormat): string {
  const listNames = (names: readonly string[]) => listWords(names.map((name) => quote(name)));
  switch (error.code) {
    case 'license-not-found':
      return 'There is no such license in this server; give its whole key or its id.';
    case 'license-ambiguous':
      return `Several licenses fit (${listNames(error.licenseIds.map(String))}); give the whole key or an id.`;
    case 'license-deleted':
      return `License ${error.licenseId} is deleted; restore it first.`;
    case 'license-not-deleted':
      return `License ${error.licenseId} is not deleted, so there is nothing to restore.`;
    case 'product-not-found':
      return error.product === null
        ? 'There is no product in this server yet; create one first.'
        : `There is no product “${quote(error.product)}” in this server; the product list shows the names.`;
    case 'product-deleted':
      return `Product “${quote(error.name)}” is deleted; restore it first.`;
    case 'product-name-taken':
      return error.deleted
        ? `“${quote(error.name)}” is the name of a deleted product; restore that one or choose another name.`
        : `A product is or was named “${quote(error.name)}”; choose another name.`;
    case 'product-id-taken':
      return `Product number ${error.id} is taken in this installation; choose another or leave it out.`;
    case 'product-uuid-taken':
      return `Product UUID ${error.uuid} is taken in this installation; choose another or leave it out.`;
    case 'product-required':
      return `This server has several products; say which one: ${listNames(error.products)}.`;
    case 'product-twice':
      return `“${quote(error.product)}” is named twice, or the license is for it already.`;
    case 'product-not-of-license':
      return `The license does not name “${quote(error.product)}”; its card shows its products.`;
    case 'product-is-main':
      return `“${quote(error.product)}” is the license’s main product; edit its product to put another in its place.`;
    case 'too-many-products':
      return `A license has at most ${error.max} products besides its main one; let it be for all products instead.`;
    case 'guild-not-found':
      return error.guildId === null
        ? 'There is no server in this store yet; add one with “guild add”.'
        : `Server ${error.guildId} is not in this store; add it with “guild add”.`;
    case 'guild-required':
      return `There are several servers; say which one with --guild: ${listNames(error.guildIds)}.`;
    case 'guild-exists':
      return `Server ${error.guildId} is in this store already.`;
    case 'team-id-taken':
      return 'That team id belongs to another server; choose another or leave it out.';
    case 'user-id-taken':
      return 'That hex user id belongs to another server; choose another or leave it out.';
    case 'challenge-key-invalid':
      return `The challenge key${error.system === undefined ? '' : ` for ${error.system}`} must be an RSA private key of at least 2048 bits in PEM form.`;
    case 'customer-id-taken':
      return "That UUID is another customer's of this server; choose another.";
    case 'customer-not-found':
      return 'There is no such customer in this server; give a number, UUID, Discord id, shop:id or e-mail address.';
    case 'customer-ambiguous':
      return `Several customers have this address (${listNames(error.customerIds.map((id) => `#${id}`))}); give a number.`;
    case 'customer-taken':
      return `${takenNames[error.taken]} is customer #${error.customerId}'s; if they are one person, merge the two.`;
    case 'customer-itself':
      return 'A customer cannot be merged into itself; give two different ones.';
    case 'email-invalid':
      return 'An e-mail address looks like name@example.com.';
    case 'identity-invalid':
      return `An identity looks like builtbybit:540001; the systems are ${listNames(identitySystems)}.`;
    case 'identity-not-found':
      return 'The customer does not have this identity; look at the customer for those there are.';
    case 'too-many-identities':
      return `A customer has at most ${error.max} identities; take others away first.`;
    case 'key-taken':
      if (error.licenseId === null) return 'That key belongs to another license; choose another key.';
      return error.deleted
        ? `That key belongs to deleted license ${error.licenseId}; restore that license or choose another key.`
        : `That key belongs to license ${error.licenseId}; choose another key.`;
    case 'key-invalid':
      return 'A key has 1 to 255 printable characters and no blanks around it.';
    case 'key-needs-amount-one':
      return 'A supplied key makes one license; leave the amount or the key out.';
    case 'invalid-expiry':
      return describeExpiryProblem(error.problem, quote);
    case 'invalid-limit':
      return describeLimitProblem(error.problem);
    case 'invalid-points':
      return describePointsProblem(error.problem);
    case 'invalid-grace':
      return `Days of grace are a whole number from 0 to ${error.max}.`;
    case 'trial-not-offered':
      return `There is no trial of “${quote(error.product)}”.`;
    case 'trial-used':
      return `You have had your trial of “${quote(error.product)}”; there is one for each member.`;
    case 'invalid-metadata':
      return describeMetadataProblem(error.problem, quote);
    case 'invalid-features':
      return describeFeatureProblem(error.problem, quote);
    case 'blacklist-value-invalid':
      return describeBlacklistValueProblem(error.problem);
    case 'api-key-invalid':
      return 'A secret has 1 to 255 printable characters and no blanks around it.';
    case 'invalid-duration':
      return `“${quote(error.text)}” is no duration; write for example 90m, 12h, 7d, 2w, 1mo or 1y.`;
    case 'action-unknown':
      return `“${quote(error.text)}” is no kind of change. Pick one while you type.`;
    case 'invalid-id':
      return idForms[error.what];
    case 'invalid-setting':
      return `${quote(error.key)}: ${describeSettingProblem(error.problem)}`;
    case 'unknown-setting':
      return error.nearest === null
        ? `There is no setting “${quote(error.key)}”; the settings list shows all.`
        : `There is no setting “${quote(error.key)}”; did you mean ${error.nearest}?`;
    case 'not-allowed':
      return `You cannot do this (${error.action}): you need ${describeMissing(error)}.`;
    case 'reveal-required':
      return 'You would see whole license keys this way, which needs the permission license.reveal.';
    case 'staff-needs-manage-server':
      return 'Only members with the Manage Server permission can issue staff licenses.';
    case 'duplicate-order':
      return `Order “${quote(error.order)}” already has license ${error.licenseId} of this product; confirm to issue another.`;
    case 'daily-limit':
      return (
        `You have issued ${error.made} of ${count(error.max, 'license')} in the last 24 hours; ` +
        'a member with Manage Server can issue more or raise issue.perStaffPerDay.'
      );
    case 'amount-invalid':
      return `The amount is a whole number from 1 to ${error.max}.`;
    case 'nothing-to-change':
      return 'There is nothing to change: it already is as you said.';
    case 'already-suspended':
      return `The license is already suspended ${holdCauses[error.hold]}.`;
    case 'not-suspended':
      return error.others.length === 0
        ? 'The license is not suspended.'
        : `The license is not suspended ${holdCauses[error.hold]}, but ${describeCauses(error.others)}.`;
    case 'pause-suspended':
      return 'This license is suspended, so every check is refused already; there is nothing to pause.';
    case 'already-switched':
      return `The license is already switched ${error.off ? 'off' : 'on'}.`;
    case 'already-owner':
      return 'The license already belongs to that user; nothing was changed.';
    case 'owner-required':
      return 'Nobody owns this license yet; reassign it to a user or let somebody redeem it first.';
    case 'not-owner':
      return 'This license is not yours; only its owner can do that.';
    case 'sharing-off':
      return 'Licenses are not shared in this server; ask its staff.';
    case 'helpers-full':
      return `A license can be shared with ${count(error.max, 'user')} in this server; remove one first.`;
    case 'already-helper':
      return 'The license is already shared with that user.';
    case 'helper-is-owner':
      return 'The license belongs to that user, so there is nothing to share.';
    case 'helper-blacklisted':
      return 'That user is on the blacklist of this server, so nothing can be shared with them.';
    case 'not-helper':
      return 'The license is not shared with that user.';
    case 'key-hidden':
      return 'The owner of this license does not show its key to those they share it with; ask them.';
    case 'one-machine-only':
      return 'This license is shared with you, so you can forget one machine at a time; its owner can forget all.';
    case 'already-claimed':
      return 'Somebody has already claimed this license; ask the staff of this server if it should be yours.';
    case 'not-redeemable':
      return `This license is ${error.state} and cannot be redeemed; ask the staff of this server.`;
    case 'wrong-key':
      return (
        'That key is not known here, or somebody has taken it already; ' +
        'copy it whole, as it was sent to you, or ask the staff of the server that it is from.'
      );
    case 'key-ambiguous':
      return 'Several licenses have a key with these letters and digits; copy yours exactly, as it was sent to you.';
    case 'key-near-miss':
      return describeKeyNearMiss(error);
    case 'choose-guild':
      return `That key is a license in several servers; choose one: ${listNames(error.guilds.map(({ name }) => name))}.`;
    case 'user-blacklisted':
      return 'You are on the blacklist of this server; ask its staff.';
    case 'redeem-wait':
      return `Too many wrong keys; try again after ${instant(wholeMinute(error.until))}.`;
    case 'reset-wait':
      return `You have used up your resets; the next one is possible after ${instant(wholeMinute(error.until))}, or ask the staff.`;
    case 'reset-off':
      return 'Owners cannot reset licenses in this server; ask the staff.';
    case 'undo-too-late':
      return 'This can no longer be undone: it was changed since, or 15 minutes have passed.';
    case 'changed-since':
      return 'This can no longer be undone: the license was changed since.';
    case 'binding-not-found':
      return 'No such machine uses this license.';
    case 'blacklist-not-found':
      return 'That is not on the blacklist.';
    case 'blacklist-unconfirmed': {
      const { assessment } = error;
      const how = assessment.confirmWith === null ? 'confirm it' : `type “${quote(assessment.confirmWith)}” to confirm`;
      const why = [describeImpact(assessment.type, assessment.impact), ...describeConcerns(assessment)].join(' ');
      return `Nothing was blacklisted; ${how}. ${why}`;
    }
    case 'api-key-not-found':
      return 'There is no such API key in this server; the API key list shows the ids.';
    case 'api-key-taken':
      return 'That secret is in use already; choose another or have one made.';
    case 'scope-unknown':
      return `There is no scope “${quote(error.scope)}”; choose from ${listNames(error.allowed)}.`;
    case 'version-invalid':
      return `A version has 1 to ${fieldLimits.version} printable characters without blanks.`;
    case 'branch-invalid':
      return `A branch has 2 to ${fieldLimits.branch} letters, digits, blanks, hyphens or underscores.`;
    case 'policy-unknown':
      return `A version policy is one of ${listNames(error.allowed)}.`;
    case 'release-exists':
      return `Version ${release(error, quote)} is there already.`;
    case 'release-not-found':
      return `There is no version ${release(error, quote)}; the release list shows all.`;
    case 'latest-unpublished':
      return 'Only a published release can be the latest; publish it, or leave that out.';
    case 'text-missing':
      return `The ${fieldNames[error.field]} must not be blank.`;
    case 'text-too-long':
      return `The ${fieldNames[error.field]} has at most ${error.max} characters.`;
    case 'url-invalid':
      return `A URL begins with http:// or https:// and has at most ${fieldLimits.url} characters.`;
    case 'confirmation-wrong':
      return `Nothing was deleted: type “${quote(error.expected)}” exactly to confirm.`;
    case 'store-unavailable':
      return 'The store cannot be reached right now and nothing was changed; try again in a moment.';
  }
}

function describeMissing({ permission, roleIds }: Extract<CommandError, { code: 'not-allowed' }>): string {
  const name = permission === 'manage-server' ? 'the Manage Server permission' : 'the Moderate Members permission';
  const roles = roleIds.map((id) => `<@&${id}>`).join(', ');
  return roles === '' ? name : `${name} or one of these roles: ${roles}`;
}

function listWords(names: readonly string[]): string {
  const first = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${first} and ${names.length - 20} more` : first;
}

function release(
  { version, branch }: { readonly version: string; readonly branch: string | null },
  quote: TextFormat['quote'],
): string {
  return branch === null ? quote(version) : `${quote(version)} on branch ${quote(branch)}`;
}

/** The next whole minute, so that people do not try again too early. */
function wholeMinute(at: Date): Date {
  return new Date(Math.ceil(at.getTime() / minuteMs) * minuteMs);
}
