import mongoose from 'mongoose';
import type { Attempt } from '../../domain/attempt.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { CustomerDocument } from './documents.ts';

const { Mixed } = mongoose.Schema.Types;

/** Plain data whose shape the compiler checks; no text of a client is ever a field name in it. */
export const data = { type: Mixed };
export const list = { type: [Mixed] };

/** The schema type of a field that holds values of type `T`. */
type FieldType<T> = [T] extends [string]
  ? StringConstructor | { readonly type: StringConstructor }
  : [T] extends [number]
    ? NumberConstructor
    : [T] extends [boolean]
      ? BooleanConstructor
      : [T] extends [Date]
        ? DateConstructor
        : [T] extends [Buffer]
          ? BufferConstructor
          : [T] extends [readonly unknown[]]
            ? typeof list | readonly [StringConstructor] | readonly [DateConstructor]
            : typeof data;

/** A schema type for every field of a document; one that misses a field, or has one too many, does not compile. */
export type FieldTypes<T> = { readonly [K in keyof T]-?: FieldType<NonNullable<T[K]>> };

/**
 * The fields of attempts, products and licenses, each written down once. The schemas, the readers and writers and the
 * copy adapters derive from these lists. A new field of the domain type that is not added here does not compile.
 */
export const attemptFields = {
  guildId: String,
  protocol: String,
  result: String,
  at: Date,
  licenseId: Number,
  productId: Number,
  product: String,
  version: String,
  branch: String,
  scope: String,
  keySuffix: String,
  declaredIp: String,
  observedIp: String,
  countedIp: String,
  hwid: String,
  mac: String,
  country: String,
  userAgent: String,
  info: String,
  newBindings: [String],
  replaced: list,
  quiet: Boolean,
} satisfies FieldTypes<Omit<Attempt, 'id'>>;

const noAttempt = Object.fromEntries(Object.keys(attemptFields).map((name) => [name, null]));

/** An attempt with all of its fields: those that did not exist yet when it was stored are null. */
export function withAllFields<T extends Partial<Attempt>>(stored: T): T {
  return { ...noAttempt, ...stored };
}

/** `id` is stored as `_id`, and `aliases` as part of `names`. */
export const productFields = {
  uuid: String,
  guildId: String,
  name: String,
  description: String,
  version: String,
  versionPolicy: String,
  buyerRoleId: String,
  claimRoleId: String,
  limits: data,
  features: list,
  metadata: list,
  term: String,
  trial: String,
  graceDays: Number,
  url: String,
  imageUrl: String,
  releases: list,
  createdAt: Date,
  updatedAt: Date,
  revision: Number,
  deletedAt: Date,
} satisfies FieldTypes<Omit<Product, 'id' | 'aliases'>>;

export const licenseFields = {
  id: Number,
  uuid: String,
  guildId: String,
  keySuffix: String,
  productId: Number,
  furtherProductIds: list,
  allProducts: Boolean,
  name: String,
  note: String,
  order: String,
  ownerId: String,
  customerId: Number,
  helperIds: list,
  helpersSeeKey: Boolean,
  staff: Boolean,
  holds: list,
  switchedOff: Boolean,
  expiry: data,
  expiresAt: Date,
  activatedAt: Date,
  limits: data,
  forgetAfter: data,
  scope: String,
  points: data,
  features: list,
  metadata: list,
  ownerResets: [Date],
  replacements: [Date],
  updatedAt: Date,
  revision: Number,
  createdAt: Date,
  createdBy: String,
  deletedAt: Date,
} satisfies FieldTypes<License>;

/** `id` is stored as `_id`. */
export const customerFields = {
  guildId: String,
  uuid: String,
  uuidSupplied: Boolean,
  discordId: String,
  identities: list,
  identityKeys: list,
  sealedEmail: Buffer,
  emailHash: String,
  username: String,
  fullName: String,
  namesFolded: String,
  metadata: list,
  createdAt: Date,
  updatedAt: Date,
  revision: Number,
  retired: Number,
  mergedInto: Number,
  movedLicenseIds: list,
  merges: list,
} satisfies FieldTypes<Omit<CustomerDocument, '_id' | 'rev' | 'outbox'>>;

/** The names of a list of fields, but those left out. */
export function fieldNames<T extends object, L extends keyof T = never>(
  fields: T,
  ...leftOut: readonly L[]
): readonly Exclude<keyof T, L>[] {
  const names = Object.keys(fields) as (keyof T)[];
  return names.filter((name): name is Exclude<keyof T, L> => !(leftOut as readonly (keyof T)[]).includes(name));
}

/** A new object with these fields of the record and no others. */
export function pickFields<T extends object, K extends keyof T>(record: T, names: readonly K[]): Pick<T, K> {
  const picked: Partial<Pick<T, K>> = {};
  for (const name of names) picked[name] = record[name];
  return picked as Pick<T, K>;
}
