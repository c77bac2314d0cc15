import type { CopyRecords } from '../../copy/port.ts';
import {
  type BindingKind,
  bindingKinds,
  type InheritableForgetAfter,
  type InheritableLimit,
} from '../../../domain/limits.ts';
import type { Expiry } from '../../../domain/expiry.ts';
import type { Hold, HoldKind } from '../../../domain/hold.ts';
import type { License } from '../../../domain/license.ts';
import type { ReplenishInterval, ValidationPoints } from '../../../domain/points.ts';
import type { MetadataEntry } from '../../../domain/values/metadata.ts';
import { foldName } from '../../../domain/values/text.ts';
import { describeColumns, type Field, type Fields } from '../columns.ts';
import { bytes, column, dateOf, flag, instant, msOf, optionalInstant, optionalList, plain } from '../fields.ts';

/** A license with everything that its row holds: all of it but the slots, which have a table of their own. */
type StoredLicense = Omit<CopyRecords['licenses'], 'slots'>;

/** In a column of limits or minutes, NULL means `inherit` and -1 means "unlimited" or "never". */
const unlimited = -1;

function ownValues<T extends InheritableLimit | InheritableForgetAfter>(
  prefix: string,
): Field<Readonly<Record<BindingKind, T>>> {
  const write = (own: T) => (own === 'inherit' ? null : (own ?? unlimited));
  const read = (stored: unknown) => (stored === null ? 'inherit' : stored === unlimited ? null : stored) as T;
  return {
    columns: bindingKinds.map((kind) => `${prefix}_${kind}`),
    write: ({ ip, hwid, mac }, values) => void values.push(write(ip), write(hwid), write(mac)),
    read: (values, first) => ({ ip: read(values[first]), hwid: read(values[first + 1]), mac: read(values[first + 2]) }),
  };
}

interface StoredHold {
  readonly kind: HoldKind;
  readonly at: number;
  readonly reason: string | null;
}

/** As JSON. Most licenses have no holds, and then it is NULL. */
const holds = column<readonly Hold[]>(
  'holds',
  (list) => (list.length === 0 ? null : JSON.stringify(list.map((hold) => ({ ...hold, at: hold.at.getTime() })))),
  (stored) =>
    stored === null
      ? []
      : (JSON.parse(stored as string) as readonly StoredHold[]).map((hold) => ({ ...hold, at: new Date(hold.at) })),
);

/** Stored as it was typed, and in the form by which it is found. */
const order: Field<string | null> = {
  columns: ['order_ref', 'order_folded'],
  write: (value, values) => void values.push(value, value === null ? null : foldName(value)),
  read: (values, first) => values[first] as string | null,
};

const expiry: Field<Expiry> = {
  columns: ['expiry_type', 'expiry_start', 'expiry_length'],
  write: (value, values) => {
    if (value.type === 'duration') values.push(value.type, value.start, value.days);
    else values.push(value.type, null, null);
  },
  read: (values, first) => {
    const type = values[first] as Expiry['type'];
    if (type !== 'duration') return { type };
    const start = values[first + 1] as 'creation' | 'activation' | null;
    return { type, start: start ?? 'creation', days: (values[first + 2] as number | null) ?? 0 };
  },
};

const points: Field<ValidationPoints> = {
  columns: ['points_left', 'points_limit', 'points_amount', 'points_interval', 'points_refilled_at'],
  write: ({ left, limit, amount, interval, refilledAt }, values) =>
    void values.push(left, limit, amount, interval, msOf(refilledAt)),
  read: (values, first) => ({
    left: values[first] as number | null,
    limit: values[first + 1] as number | null,
    amount: values[first + 2] as number | null,
    interval: values[first + 3] as ReplenishInterval | null,
    refilledAt: dateOf(values[first + 4] as number | null),
  }),
};

const ownerResets = column<readonly Date[]>(
  'owner_resets',
  (resets) => (resets.length === 0 ? '[]' : JSON.stringify(resets.map((at) => at.getTime()))),
  (stored) => (stored === '[]' ? [] : (JSON.parse(stored as string) as number[]).map((ms) => new Date(ms))),
);

/** NULL means "none", so that a license that replaces no machines stores and parses nothing. */
const replacements = column<readonly Date[]>(
  'replacements',
  (instants) => (instants.length === 0 ? null : JSON.stringify(instants.map((at) => at.getTime()))),
  (stored) => (stored === null ? [] : (JSON.parse(stored as string) as number[]).map((ms) => new Date(ms))),
);

/** Set when the license is made. */
const fixedFields = {
  id: plain<number>('id'),
  uuid: plain<string>('uuid'),
  guildId: plain<string>('guild_id'),
  createdAt: instant('created_at'),
  createdBy: plain<string>('created_by'),
} satisfies Partial<Fields<License>>;

/** Changed only together, with the key. */
const keyFields = {
  keySuffix: plain<string>('key_suffix'),
  lookup: bytes('lookup'),
  sealedKey: bytes('sealed_key'),
  keyFolded: bytes('key_folded'),
} satisfies Partial<Fields<StoredLicense>>;

type ChangeableLicense = Omit<License, keyof typeof fixedFields | keyof typeof keyFields>;

const changeableFields = {
  productId: plain<number>('product_id'),
  furtherProductIds: optionalList<number>('further_products'),
  allProducts: flag('all_products'),
  name: plain<string | null>('name'),
  note: plain<string | null>('note'),
  order,
  ownerId: plain<string | null>('owner_id'),
  customerId: plain<number | null>('customer_id'),
  helperIds: optionalList<string>('helpers'),
  helpersSeeKey: flag('helpers_see_key'),
  staff: flag('staff'),
  holds,
  switchedOff: flag('switched_off'),
  expiry,
  expiresAt: optionalInstant('expires_at'),
  activatedAt: optionalInstant('activated_at'),
  limits: ownValues<InheritableLimit>('limit'),
  forgetAfter: ownValues<InheritableForgetAfter>('forget'),
  scope: plain<string | null>('scope'),
  points,
  features: optionalList<string>('features'),
  metadata: optionalList<MetadataEntry>('metadata'),
  ownerResets,
  replacements,
  updatedAt: instant('updated_at'),
  revision: plain<number>('revision'),
  deletedAt: optionalInstant('deleted_at'),
} satisfies Fields<ChangeableLicense>;

/** What a grant writes that replaces another machine. */
export const replacementColumns = describeColumns<Pick<License, 'replacements'>>({ replacements });

/** What a license is read from. */
export const licenseColumns = describeColumns<License>({
  ...fixedFields,
  keySuffix: keyFields.keySuffix,
  ...changeableFields,
});

/** What `changeLicense` writes. */
export const changeableColumns = describeColumns<ChangeableLicense>(changeableFields);

/** What a new key writes. */
export const keyColumns = describeColumns<Pick<StoredLicense, keyof typeof keyFields>>(keyFields);

/** What a new or copied license writes, and a copy reads. */
export const storedLicenseColumns = describeColumns<StoredLicense>({
  ...fixedFields,
  ...keyFields,
  ...changeableFields,
  expiryNotified: flag('expiry_notified'),
});
