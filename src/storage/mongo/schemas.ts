import mongoose, { type Schema } from 'mongoose';
import type { Documents } from './documents.ts';
import {
  attemptFields,
  data,
  type FieldTypes,
  customerFields,
  licenseFields,
  list,
  productFields,
} from './stored-fields.ts';

/** Every field is written by the program. A field that the schema does not know is a bug, and throws. */
const schemaOptions = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  autoIndex: false,
  // MongoDB makes a collection with its first document or index. Mongoose would otherwise send `create` for each at open.
  autoCreate: false,
  minimize: false,
} as const;

const outbox = { ...list, default: undefined };
const binding = { kind: String, value: String, firstSeenAt: Date, lastSeenAt: Date, releasedAt: Date };

/** The fields of every collection. Each collection is stored under its name here in lower case. */
const fields: { readonly [name in keyof Documents]: FieldTypes<Documents[name]> } = {
  meta: {
    _id: String,
    version: Number,
    fingerprint: String,
    copy: data,
    copiedAt: Date,
  },
  bundleVersion: {
    _id: String,
    value: Number,
    changeLog: list,
  },
  changes: {
    _id: Number,
    guildId: String,
    kind: String,
    ref: String,
  },
  guilds: {
    _id: String,
    rev: Number,
    name: String,
    teamId: String,
    userId: String,
    publicKey: String,
    privateKey: Buffer,
    systemKeys: list,
    settings: list,
    createdAt: Date,
    gone: Boolean,
    outbox,
  },
  products: {
    _id: Number,
    rev: Number,
    ...productFields,
    names: list,
    gone: Boolean,
    outbox,
  },
  licenses: {
    _id: String,
    rev: Number,
    ...licenseFields,
    sealedKey: Buffer,
    keyFolded: String,
    orderFolded: String,
    grams: [String],
    listedAs: String,
    keySuffixFolded: String,
    owner: data,
    customerUuid: String,
    expiryNotified: Boolean,
    slots: list,
    unpublished: String,
    outbox,
  },
  batches: { _id: String, outbox },
  observedValues: {
    _id: String,
    licenseId: Number,
    guildId: String,
    ...binding,
  },
  apiKeys: {
    _id: Number,
    guildId: String,
    name: String,
    hash: String,
    scopes: [String],
    createdAt: Date,
    createdBy: String,
    expiresAt: Date,
    revokedAt: Date,
    outbox,
  },
  blacklist: {
    _id: Number,
    rev: Number,
    guildId: String,
    type: { type: String },
    value: String,
    match: String,
    reason: String,
    expiresAt: Date,
    hits: Number,
    createdAt: Date,
    createdBy: String,
    gone: Boolean,
    outbox,
  },
  customers: { _id: Number, rev: Number, ...customerFields, outbox },
  attempts: { _id: Number, by: String, ...attemptFields },
  attemptCounts: {
    _id: String,
    guildId: String,
    protocol: String,
    result: String,
    minute: Date,
    count: Number,
  },
  attemptStatistics: {
    _id: String,
    guildId: String,
    period: String,
    start: Date,
    protocol: String,
    productId: Number,
    result: String,
    count: Number,
  },
  rejectedRequests: {
    _id: String,
    minute: Date,
    observedIp: String,
    protocol: String,
    kind: String,
    count: Number,
  },
  audit: {
    _id: Number,
    source: String,
    guildId: String,
    storedAt: Date,
    at: Date,
    actor: String,
    action: String,
    subject: String,
    reason: String,
    details: String,
  },
  alerts: {
    _id: Number,
    guildId: String,
    at: Date,
    kind: String,
    subject: String,
    text: String,
    after: Number,
  },
  users: { _id: String, username: String, discriminator: String },
  effects: {
    _id: Number,
    guildId: String,
    kind: String,
    effect: data,
    status: String,
    createdAt: Date,
    dueAt: Date,
    claimedAt: Date,
    tries: Number,
    outcome: String,
    outbox,
  },
  grantedRoles: {
    _id: String,
    guildId: String,
    userId: String,
    roleId: String,
  },
  counters: { _id: String, value: Number },
  leases: {
    _id: String,
    holder: String,
    number: Number,
    expiresAt: Date,
    notes: data,
  },
  notes: { _id: String, value: String },
};

type Schemas = { readonly [name in keyof Documents]: Schema<Documents[name]> };

export const schemas = Object.fromEntries(
  Object.entries(fields).map(([name, definition]) => {
    return [name, new mongoose.Schema(definition, { ...schemaOptions, collection: name.toLowerCase() })];
  }),
) as unknown as Schemas;

/**
 * The indexes by collection, created when the store is opened and verified by `doctor`. Where results are ordered by
 * id, the id is the last field. MongoDB uses a partial index only for a query that implies its filter: an equality with
 * a text implies `$gte: ''`, while a query on an index with `$type` has to repeat the `$type`.
 */
export const indexes: Readonly<Partial<Record<keyof Documents, readonly Index[]>>> = {
  guilds: [{ key: { teamId: 1 }, unique: true }, { key: { userId: 1 }, unique: true }, outboxIndex()],
  products: [
    { key: { uuid: 1 }, unique: true },
    { key: { guildId: 1, 'names.folded': 1 }, unique: true },
    { key: { deletedAt: 1 }, partialFilterExpression: { deletedAt: { $type: 'date' } } },
    outboxIndex(),
  ],
  licenses: [
    { key: { id: 1 } },
    { key: { uuid: 1 } },
    { key: { guildId: 1, id: -1 } },
    { key: { productId: 1, id: -1 } },
    { key: { furtherProductIds: 1, id: -1 }, partialFilterExpression: { furtherProductIds: { $gte: 0 } } },
    { key: { guildId: 1, allProducts: 1, id: -1 }, partialFilterExpression: { allProducts: true } },
    { key: { ownerId: 1, id: -1 }, partialFilterExpression: { ownerId: { $gte: '' } } },
    { key: { customerId: 1, id: -1 }, partialFilterExpression: { customerId: { $gte: 0 } } },
    { key: { helperIds: 1 }, partialFilterExpression: { helperIds: { $gte: '' } } },
    { key: { guildId: 1, keySuffixFolded: 1, id: -1 } },
    { key: { guildId: 1, orderFolded: 1, id: -1 }, partialFilterExpression: { orderFolded: { $gte: '' } } },
    { key: { keyFolded: 1 } },
    { key: { guildId: 1, grams: 1, id: -1 } },
    { key: { guildId: 1, listedAs: 1, expiryNotified: 1, id: -1, productId: 1 } },
    { key: { guildId: 1, staff: 1, id: -1 }, partialFilterExpression: { staff: true } },
    { key: { productId: 1, listedAs: 1, ownerId: 1 } },
    { key: { guildId: 1, 'slots.kind': 1, 'slots.value': 1, id: -1 } },
    { key: { expiresAt: 1 }, partialFilterExpression: { expiryNotified: false, expiresAt: { $type: 'date' } } },
    { key: { expiresAt: -1 }, partialFilterExpression: { expiryNotified: true, expiresAt: { $type: 'date' } } },
    { key: { deletedAt: 1 }, partialFilterExpression: { deletedAt: { $type: 'date' } } },
    { key: { guildId: 1, createdBy: 1, createdAt: 1 } },
    { key: { unpublished: 1 }, partialFilterExpression: { unpublished: { $gte: '' } } },
    outboxIndex(),
  ],
  batches: [outboxIndex()],
  observedValues: [
    { key: { licenseId: 1, kind: 1, value: 1 } },
    { key: { kind: 1, value: 1, licenseId: -1 } },
    { key: { guildId: 1, lastSeenAt: 1 } },
  ],
  apiKeys: [{ key: { hash: 1 }, unique: true }, { key: { guildId: 1 } }, outboxIndex()],
  blacklist: [
    { key: { guildId: 1, type: 1, match: 1 }, unique: true },
    { key: { guildId: 1, _id: -1 } },
    { key: { guildId: 1, type: 1, _id: -1 } },
    { key: { expiresAt: 1 }, partialFilterExpression: { expiresAt: { $type: 'date' } } },
    outboxIndex(),
  ],
  customers: [
    // `retired` frees what a merged record had: see `StoredCustomer`.
    { key: { guildId: 1, uuid: 1, retired: 1 }, unique: true },
    {
      key: { guildId: 1, discordId: 1, retired: 1 },
      unique: true,
      partialFilterExpression: { discordId: { $gte: '' } },
    },
    {
      key: { guildId: 1, identityKeys: 1, retired: 1 },
      unique: true,
      partialFilterExpression: { identityKeys: { $gte: '' } },
    },
    { key: { guildId: 1, emailHash: 1, _id: 1 }, partialFilterExpression: { emailHash: { $gte: '' } } },
    { key: { guildId: 1, _id: -1 } },
    outboxIndex(),
  ],
  attempts: [
    { key: { guildId: 1, _id: -1 } },
    { key: { licenseId: 1, _id: -1 }, partialFilterExpression: { licenseId: { $gte: 0 } } },
  ],
  attemptCounts: [{ key: { guildId: 1, minute: 1 } }],
  attemptStatistics: [{ key: { guildId: 1, period: 1, start: 1 } }],
  rejectedRequests: [{ key: { minute: 1 } }],
  audit: [
    { key: { source: 1 }, unique: true },
    { key: { guildId: 1, _id: -1 } },
    { key: { guildId: 1, subject: 1, _id: -1 } },
  ],
  alerts: [{ key: { guildId: 1, kind: 1, subject: 1, after: -1 }, unique: true }, { key: { guildId: 1, at: 1 } }],
  effects: [
    { key: { kind: 1, dueAt: 1, _id: 1 }, partialFilterExpression: { status: { $in: ['pending', 'claimed'] } } },
    { key: { guildId: 1, 'effect.userId': 1 }, partialFilterExpression: { status: 'waiting' } },
    { key: { guildId: 1 } },
    { key: { createdAt: 1 } },
    outboxIndex(),
  ],
  grantedRoles: [{ key: { guildId: 1, userId: 1 } }],
};

/** Indexes of older versions that others have replaced: they are dropped. */
export const replacedIndexes: Readonly<Partial<Record<keyof Documents, readonly Index['key'][]>>> = {
  licenses: [{ guildId: 1, 'slots.kind': 1, 'slots.value': 1 }],
  observedValues: [{ kind: 1, value: 1 }],
  customers: [{ guildId: 1, uuid: 1 }],
};

export interface Index {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: true;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
}

/** Finds the documents with outbox entries. */
function outboxIndex(): Index {
  return { key: { 'outbox.at': 1 }, partialFilterExpression: { 'outbox.at': { $exists: true } } };
}
