import { type AuditAction, type AuditChange, type AuditEvent, isAuditChange } from '../../domain/audit.ts';
import type { Expiry } from '../../domain/expiry.ts';
import { type HoldKind, holdKinds } from '../../domain/hold.ts';
import { type BindingKind, bindingKinds } from '../../domain/limits.ts';
import { refillText } from '../../domain/parse-points.ts';
import type { MetadataEntry } from '../../domain/values/metadata.ts';
import type { ValidationPoints } from '../../domain/points.ts';
import { isSettingKey } from '../../domain/settings/settings.ts';
import type { AuditNames } from '../../services/records.ts';
import { count, describeMinutes } from '../../texts/count.ts';
import { holdCauses } from '../../texts/holds.ts';
import { listProducts } from '../../texts/product-names.ts';
import { describeTerm } from '../../texts/license-changes.ts';
import { codeText, escapeText } from './escape-text.ts';
import { kindWords } from './machines.ts';
import { fullTime, listWords, mentionRole, mentionUser } from './phrases.ts';
import { describeValue } from './settings.ts';

/** How many details of an event are shown; the audit has all of them. */
const maxDetails = 6;

interface Detail {
  readonly label: string;
  /** null: nothing is shown. */
  readonly show: (value: unknown, names: AuditNames) => string | null;
  /** For values by kind of machine, of which those are shown that changed. */
  readonly ofKind?: (value: unknown) => string;
}

/** A stored value as a text; most are texts already. */
const plain = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
const text = (label: string): Detail => ({
  label,
  show: (value) => (value === null ? 'none' : codeText(plain(value), 60)),
});
const user = (label: string): Detail => ({
  label,
  show: (value) => (value === null ? 'unclaimed' : mentionUser(plain(value))),
});
const role = (label: string): Detail => ({
  label,
  show: (value) => (value === null ? 'none' : mentionRole(plain(value))),
});
const yesNo = (label: string): Detail => ({ label, show: (value) => (value === true ? 'yes' : 'no') });
const total = (label: string): Detail => ({ label, show: (value) => Number(value).toLocaleString('en-US') });
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const hidden: Detail = { label: '', show: () => null };

/** Each detail of an event by its stored name; `describeAuditEvent` says the hidden ones in the sentence itself. */
const details: Readonly<Record<string, Detail>> = {
  name: text('name'),
  description: text('description'),
  version: text('version'),
  versionPolicy: text('version policy'),
  branch: text('branch'),
  status: text('status'),
  latest: yesNo('latest'),
  heir: text('latest now'),
  buyerRoleId: role('buyer role'),
  claimRoleId: role('claim role'),
  url: text('page'),
  imageUrl: text('image'),
  limits: byKind('limits', (limit) => (limit === null ? 'unlimited' : plain(limit))),
  forgetAfter: byKind('machines forgotten after', (minutes) => {
    if (minutes === null) return 'never';
    return typeof minutes === 'number' ? describeMinutes(minutes) : plain(minutes);
  }),
  productId: {
    label: 'product',
    show: (value, { productName }) => `**${escapeText(productName(Number(value)) ?? '?', 40)}**`,
  },
  furtherProductIds: { label: 'further products', show: describeFurtherProducts },
  allProducts: yesNo('all products'),
  further: { label: 'taken from', show: (value) => (value === 0 ? null : count(Number(value), 'other license')) },
  expiry: { label: 'term', show: (value) => describeTerm(value as Expiry) },
  expiresAt: { label: 'ends', show: (value) => (value === null ? 'never' : fullTime(new Date(plain(value)))) },
  term: text('by'),
  trial: text('trial'),
  graceDays: { label: 'grace', show: (value) => count(Number(value), 'day') },
  owner: user('owner'),
  from: user('from'),
  to: user('to'),
  helper: user('with'),
  helpers: {
    label: 'shared with',
    show: (value) =>
      listOf(value)
        .map((id) => mentionUser(plain(id)))
        .join(', ') || 'nobody',
  },
  helpersSeeKey: yesNo('helpers see the key'),
  staff: yesNo('staff license'),
  suspended: yesNo('suspended'),
  // The staff are the actor of the sentence where the hold is theirs.
  hold: { label: '', show: (kind) => (kind === 'staff' ? null : describeHoldKind(kind)) },
  since: { label: 'since', show: (value) => fullTime(new Date(plain(value))) },
  because: { label: 'for', show: (value) => `“${escapeText(plain(value), 100)}”` },
  machinesKept: yesNo('machines kept'),
  newKey: yesNo('new key'),
  order: text('order'),
  scope: text('scope'),
  // The note is for staff alone, and a log channel may have other readers.
  note: { label: 'note', show: () => 'changed' },
  points: { label: 'validation points', show: describePoints },
  features: {
    label: 'features',
    show: (value) =>
      listOf(value)
        .map((one) => codeText(plain(one), 60))
        .join(', ') || 'none',
  },
  // Values may be for staff alone, as the note is.
  metadata: {
    label: 'metadata',
    show: (value) =>
      listOf(value)
        .map((one) => codeText((one as MetadataEntry).key, 60))
        .join(', ') || 'none',
  },
  released: { label: 'forgotten', show: describeReleased },
  scopes: { label: 'scopes', show: (value) => (Array.isArray(value) ? value.map(plain).join(', ') : plain(value)) },
  hits: { label: 'hits', show: (value) => Number(value).toLocaleString('en-US') },
  undone: yesNo('put back'),
  uuid: text('UUID'),
  user: { label: 'Discord user', show: (value) => (value === null ? 'none' : mentionUser(plain(value))) },
  username: text('user name'),
  identities: {
    label: 'identities',
    show: (value) =>
      Array.isArray(value) && value.length > 0 ? value.map((one) => codeText(plain(one), 40)).join(', ') : 'none',
  },
  // Personal data, which a log channel with other readers must not show.
  fullName: { label: 'full name', show: () => 'changed' },
  ownData: { label: 'metadata', show: () => 'changed' },
  email: { label: 'e-mail address', show: (value) => (value === true ? 'changed' : 'taken away') },
  into: hidden,
  teamId: text('team id'),
  members: total('members'),
  granted: total('roles given'),
  taken: total('roles to take'),
  licenses: { label: 'licenses', show: (value) => (typeof value === 'number' ? value.toLocaleString('en-US') : null) },
  owners: total('owners'),
  at: hidden,
  createdAt: hidden,
  product: hidden,
  type: hidden,
  value: hidden,
  what: hidden,
  count: hidden,
  userId: hidden,
  licenseIds: hidden,
  byOwner: hidden,
  byHelper: yesNo('by a helper'),
};

/** Details that mean something else, or that the sentence says already, in events of one action. */
const ofAction: Partial<Readonly<Record<AuditAction, Readonly<Record<string, Detail>>>>> = {
  'guild.created': { userId: text('hex user id') },
  'product.created': { name: hidden },
  'product.changed': { term: text('licenses end') },
  'license.issued': { trial: yesNo('trial') },
  'product.deleted': { name: hidden },
  'product.restored': { name: hidden },
  'api-key.created': { name: hidden },
  'license.redeemed': { to: hidden },
  'license.resumed': { hold: { label: 'was suspended', show: describeHoldKind } },
};

/** What changed, before and after; empty where the sentence says it all. */
export function describeAuditDetails({ action, details: stored }: AuditEvent, names: AuditNames): string {
  const shown = Object.entries(stored).flatMap(([name, value]) => {
    const detail = ofAction[action]?.[name] ?? details[name] ?? otherDetail(name);
    const shownValue = isAuditChange(value) ? describeChange(detail, value, names) : detail.show(value, names);
    return shownValue === null ? [] : [detail.label === '' ? shownValue : `${detail.label}: ${shownValue}`];
  });
  const more = shown.length > maxDetails ? [`and ${shown.length - maxDetails} more`] : [];
  return [...shown.slice(0, maxDetails), ...more].join(', ');
}

function describeFurtherProducts(value: unknown, { productName }: AuditNames): string {
  const ids = Array.isArray(value) ? value.map(Number) : [];
  const names = ids.map((id) => ({ name: productName(id) ?? '?' }));
  return ids.length === 0 ? 'none' : listProducts(names, (name) => `**${escapeText(name, 40)}**`);
}

/** A setting, or a detail of an older version, whose name becomes words. */
function otherDetail(name: string): Detail {
  if (isSettingKey(name)) return { label: codeText(name), show: (value) => describeValue(name, value as never) };
  const label = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return {
    label: escapeText(label, 40),
    show: (value) => codeText(plain(value), 60),
  };
}

function describeChange(detail: Detail, { before, after }: AuditChange, names: AuditNames): string | null {
  if (detail.ofKind && isByKind(before) && isByKind(after)) {
    const { ofKind } = detail;
    const kinds = bindingKinds.filter((kind) => before[kind] !== after[kind]);
    return kinds.map((kind) => `${kindWords[kind].many} ${ofKind(before[kind])} → ${ofKind(after[kind])}`).join(', ');
  }
  const [from, to] = [detail.show(before, names), detail.show(after, names)];
  if (from === null || to === null) return null;
  return from === to ? to : `${from} → ${to}`;
}

type ByKind = Readonly<Partial<Record<BindingKind, unknown>>>;

function isByKind(value: unknown): value is ByKind {
  return typeof value === 'object' && value !== null && bindingKinds.some((kind) => kind in value);
}

function byKind(label: string, ofKind: (one: unknown) => string): Detail {
  return { label, show: plain, ofKind };
}

function describeReleased(value: unknown): string | null {
  if (!isByKind(value)) return null;
  const parts = bindingKinds.flatMap((kind) => {
    const released = Number(value[kind] ?? 0);
    return released === 0 ? [] : [count(released, kindWords[kind].one, kindWords[kind].many)];
  });
  return parts.length === 0 ? 'nothing' : listWords(parts);
}

function describePoints(value: unknown): string {
  const { left, limit, amount, interval } = value as ValidationPoints;
  const most = limit === null ? '' : ` of at most ${limit}`;
  const refill = refillText({ amount, interval });
  return `${left ?? 'unlimited'}${most}${refill === 'none' ? '' : `, ${refill} come back`}`;
}

/** null: a kind of a newer version. */
function describeHoldKind(kind: unknown): string | null {
  return holdKinds.some((each) => each === kind) ? holdCauses[kind as HoldKind] : null;
}
