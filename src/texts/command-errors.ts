import { type Field, fieldLimits } from '../domain/field-limits.ts';
import type { CommandError } from '../domain/command-error.ts';
import { describeSettingProblem } from './setting-problems.ts';

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
};

const idForms = {
  user: 'A Discord user id has 15 to 20 digits.',
  guild: 'A Discord server id has 15 to 20 digits.',
  role: 'A Discord role id has 15 to 20 digits.',
  team: 'A team id is a UUID, such as 1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90.',
  'hex-user': 'A hex user id has 1 to 64 digits from 0-9 and a-f.',
  product: 'A product number is a whole number from 1 to 2147483647.',
  uuid: 'A UUID looks like 1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90.',
};

/** One sentence or two: what is wrong, and how to mend it. */
export function describeCommandError(refusal: CommandError): string {
  switch (refusal.code) {
    case 'license-not-found':
      return 'There is no such license in this server; give its whole key or its id.';
    case 'license-ambiguous':
      return `Several licenses fit (${listed(refusal.licenseIds.map(String))}); give the whole key or an id.`;
    case 'license-deleted':
      return `License ${refusal.licenseId} is deleted; restore it first.`;
    case 'license-not-deleted':
      return `License ${refusal.licenseId} is not deleted, so there is nothing to restore.`;
    case 'product-not-found':
      return refusal.product === null
        ? 'There is no product in this server yet; create one first.'
        : `There is no product “${refusal.product}” in this server; the product list shows the names.`;
    case 'product-deleted':
      return `Product “${refusal.name}” is deleted; restore it first.`;
    case 'product-name-taken':
      return refusal.deleted
        ? `“${refusal.name}” is the name of a deleted product; restore that one or choose another name.`
        : `A product is or was named “${refusal.name}”; choose another name.`;
    case 'product-id-taken':
      return `Product number ${refusal.id} is taken in this installation; choose another or leave it out.`;
    case 'product-uuid-taken':
      return `Product UUID ${refusal.uuid} is taken in this installation; choose another or leave it out.`;
    case 'product-required':
      return `This server has several products; say which one: ${listed(refusal.products)}.`;
    case 'guild-not-found':
      return refusal.guildId === null
        ? 'There is no server in this store yet; add one with “guild add”.'
        : `Server ${refusal.guildId} is not in this store; add it with “guild add”.`;
    case 'guild-required':
      return `There are several servers; say which one with --guild: ${listed(refusal.guildIds)}.`;
    case 'guild-exists':
      return `Server ${refusal.guildId} is in this store already.`;
    case 'team-id-taken':
      return 'That team id belongs to another server; choose another or leave it out.';
    case 'user-id-taken':
      return 'That hex user id belongs to another server; choose another or leave it out.';
    case 'challenge-key-invalid':
      return 'The challenge key must be an RSA private key of 2048 bits in PEM form.';
    case 'customer-id-taken':
      return "That UUID is another customer's of this server; choose another.";
    case 'key-taken':
      if (refusal.licenseId === null) return 'That key belongs to another license; choose another key.';
      return refusal.deleted
        ? `That key belongs to deleted license ${refusal.licenseId}; restore that license or choose another key.`
        : `That key belongs to license ${refusal.licenseId}; choose another key.`;
    case 'key-invalid':
      return 'A key has 1 to 255 printable characters and no blanks around it.';
    case 'key-needs-amount-one':
      return 'A supplied key makes one license; leave the amount or the key out.';
    case 'invalid-expiry':
    case 'invalid-limit':
    case 'invalid-points':
    case 'blacklist-value-invalid':
    case 'api-key-invalid':
      return refusal.detail;
    case 'invalid-duration':
      return `“${refusal.text}” is no duration; write for example 90m, 12h, 7d, 2w, 1mo or 1y.`;
    case 'invalid-id':
      return idForms[refusal.what];
    case 'invalid-setting':
      return `${refusal.key}: ${describeSettingProblem(refusal.problem)}`;
    case 'unknown-setting':
      return refusal.nearest === null
        ? `There is no setting “${refusal.key}”; the settings list shows all.`
        : `There is no setting “${refusal.key}”; did you mean ${refusal.nearest}?`;
    case 'not-allowed':
      return `You cannot do this (${refusal.action}): you need ${refusal.missing}.`;
    case 'staff-needs-manage-server':
      return 'Only members with the Manage Server permission can issue staff licenses.';
    case 'duplicate-order':
      return `Order “${refusal.order}” already has license ${refusal.licenseId} of this product; confirm to issue another.`;
    case 'daily-limit':
      return (
        `You have issued ${refusal.made} of ${refusal.max} licenses in the last 24 hours; ` +
        'a member with Manage Server can issue more or raise issue.perStaffPerDay.'
      );
    case 'amount-invalid':
      return `The amount is a whole number from 1 to ${refusal.max}.`;
    case 'nothing-to-change':
      return 'There is nothing to change: it already is as you said.';
    case 'already-suspended':
      return 'The license is already suspended.';
    case 'not-suspended':
      return 'The license is not suspended.';
    case 'already-switched':
      return `The license is already switched ${refusal.off ? 'off' : 'on'}.`;
    case 'already-owner':
      return `The license already belongs to user ${refusal.userId}; nothing was changed.`;
    case 'owner-required':
      return 'Nobody owns this license yet; reassign it to a user or let somebody redeem it first.';
    case 'not-owner':
      return 'This license is not yours.';
    case 'already-claimed':
      return 'Somebody has already claimed this license; ask the staff of this server if it should be yours.';
    case 'not-redeemable':
      return `This license is ${refusal.state} and cannot be redeemed; ask the staff of this server.`;
    case 'wrong-key':
      return 'That key is not known; copy it whole, as it was sent to you.';
    case 'choose-guild':
      return `That key is a license in several servers; choose one: ${listed(refusal.guilds.map(({ name }) => name))}.`;
    case 'user-blacklisted':
      return 'You are on the blacklist of this server; ask its staff.';
    case 'redeem-wait':
      return `Too many wrong keys; try again after ${instant(refusal.until)}.`;
    case 'reset-wait':
      return `You have used up your resets; the next one is possible after ${instant(refusal.until)}, or ask the staff.`;
    case 'reset-off':
      return 'Owners cannot reset licenses in this server; ask the staff.';
    case 'undo-too-late':
      return 'This can no longer be undone: it was changed since, or 15 minutes have passed.';
    case 'binding-not-found':
      return 'No such machine uses this license.';
    case 'blacklist-not-found':
      return 'That is not on the blacklist.';
    case 'api-key-not-found':
      return 'There is no such API key in this server; the API key list shows the ids.';
    case 'api-key-taken':
      return 'That secret is in use already; choose another or have one made.';
    case 'scope-unknown':
      return `There is no scope “${refusal.scope}”; choose from ${listed(refusal.allowed)}.`;
    case 'version-invalid':
      return `A version has 1 to ${fieldLimits.version} printable characters without blanks.`;
    case 'branch-invalid':
      return `A branch has 2 to ${fieldLimits.branch} letters, digits, blanks, hyphens or underscores.`;
    case 'policy-unknown':
      return `A version policy is one of ${listed(refusal.allowed)}.`;
    case 'release-exists':
      return `Version ${release(refusal)} is there already.`;
    case 'release-not-found':
      return `There is no version ${release(refusal)}; the release list shows all.`;
    case 'text-missing':
      return `The ${fieldNames[refusal.field]} must not be blank.`;
    case 'text-too-long':
      return `The ${fieldNames[refusal.field]} has at most ${refusal.max} characters.`;
    case 'url-invalid':
      return `A URL begins with http:// or https:// and has at most ${fieldLimits.url} characters.`;
    case 'confirmation-wrong':
      return `Nothing was deleted: type “${refusal.expected}” exactly to confirm.`;
    case 'store-unavailable':
      return 'The store cannot be reached right now and nothing was changed; try again in a moment.';
  }
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${shown} and ${names.length - 20} more` : shown;
}

function release({ version, branch }: { readonly version: string; readonly branch: string | null }): string {
  return branch === null ? version : `${version} on branch ${branch}`;
}

/** Rounded up to the minute, so that it is never too early. */
function instant(at: Date): string {
  const minute = new Date(Math.ceil(at.getTime() / 60_000) * 60_000);
  return `${minute.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
