import mongoose, { type SchemaDefinition } from 'mongoose';
import type * as documents from './documents.ts';

const { Schema } = mongoose;
const { Mixed } = Schema.Types;

/** Every field is written by the program, and one that it does not know is a mistake: `strict: 'throw'`. */
const schemaOptions = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  autoIndex: false,
  minimize: false,
} as const;

/** Plain data whose shape the compiler checks; a client's text is never a field name in it. */
const data = { type: Mixed };
const list = { type: [Mixed] };
const outbox = { type: [Mixed], default: undefined } as const;

function schemaOf<T>(name: string, definition: object) {
  return new Schema<T>(definition as SchemaDefinition<T>, { ...schemaOptions, collection: name });
}

const binding = { kind: String, value: String, firstSeenAt: Date, lastSeenAt: Date, releasedAt: Date };
const attempt = {
  guildId: String,
  protocol: String,
  result: String,
};

export const schemas = {
  meta: schemaOf<documents.MetaDocument>('meta', {
    _id: String,
    version: Number,
    fingerprint: String,
    copy: data,
  }),
  bundleVersion: schemaOf<documents.BundleVersionDocument>('bundleversion', {
    _id: String,
    value: Number,
    changeLog: list,
  }),
  guilds: schemaOf<documents.GuildDocument>('guilds', {
    _id: String,
    rev: Number,
    name: String,
    teamId: String,
    userId: String,
    publicKey: String,
    privateKey: Buffer,
    settings: list,
    createdAt: Date,
    gone: Boolean,
    outbox,
  }),
  products: schemaOf<documents.ProductDocument>('products', {
    _id: Number,
    rev: Number,
    uuid: String,
    guildId: String,
    name: String,
    names: list,
    description: String,
    version: String,
    versionPolicy: String,
    buyerRoleId: String,
    claimRoleId: String,
    limits: data,
    url: String,
    imageUrl: String,
    releases: list,
    createdAt: Date,
    deletedAt: Date,
    gone: Boolean,
    outbox,
  }),
  licenses: schemaOf<documents.LicenseDocument>('licenses', {
    _id: String,
    rev: Number,
    id: Number,
    guildId: String,
    sealedKey: Buffer,
    keyAnywhere: String,
    keySuffix: String,
    keySuffixFolded: String,
    productId: Number,
    name: String,
    note: String,
    order: String,
    ownerId: String,
    owner: data,
    customerId: String,
    staff: Boolean,
    suspension: data,
    switchedOff: Boolean,
    expiry: data,
    expiresAt: Date,
    expiryNotified: Boolean,
    activatedAt: Date,
    limits: data,
    forgetAfter: data,
    scope: String,
    points: data,
    ownerResets: [Date],
    slots: list,
    createdAt: Date,
    createdBy: String,
    deletedAt: Date,
    unpublished: String,
    outbox,
  }),
  batches: schemaOf<documents.BatchDocument>('batches', { _id: String, outbox }),
  observedValues: schemaOf<documents.ObservedValueDocument>('observedvalues', {
    _id: String,
    licenseId: Number,
    guildId: String,
    ...binding,
  }),
  apiKeys: schemaOf<documents.ApiKeyDocument>('apikeys', {
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
  }),
  blacklist: schemaOf<documents.BlacklistDocument>('blacklist', {
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
  }),
  customers: schemaOf<documents.CustomerDocument>('customers', {
    _id: String,
    rev: Number,
    guildId: String,
    userId: String,
    uuid: String,
    outbox,
  }),
  attempts: schemaOf<documents.AttemptDocument>('attempts', {
    _id: Number,
    by: String,
    ...attempt,
    at: Date,
    licenseId: Number,
    productId: Number,
    product: String,
    version: String,
    keySuffix: String,
    declaredIp: String,
    observedIp: String,
    hwid: String,
    mac: String,
    country: String,
    userAgent: String,
    info: String,
    newBindings: [String],
    quiet: Boolean,
  }),
  attemptCounts: schemaOf<documents.AttemptCountDocument>('attemptcounts', {
    _id: String,
    ...attempt,
    minute: Date,
    count: Number,
  }),
  rejectedRequests: schemaOf<documents.RejectedRequestDocument>('rejectedrequests', {
    _id: String,
    minute: Date,
    observedIp: String,
    protocol: String,
    kind: String,
    count: Number,
  }),
  audit: schemaOf<documents.AuditDocument>('audit', {
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
  }),
  alerts: schemaOf<documents.AlertDocument>('alerts', {
    _id: Number,
    guildId: String,
    at: Date,
    kind: String,
    subject: String,
    text: String,
    after: Number,
  }),
  users: schemaOf<documents.UserDocument>('users', { _id: String, username: String, discriminator: String }),
  effects: schemaOf<documents.EffectDocument>('effects', {
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
  }),
  grantedRoles: schemaOf<documents.GrantedRoleDocument>('grantedroles', {
    _id: String,
    guildId: String,
    userId: String,
    roleId: String,
  }),
  counters: schemaOf<documents.CounterDocument>('counters', { _id: String, value: Number }),
  leases: schemaOf<documents.LeaseDocument>('leases', {
    _id: String,
    holder: String,
    number: Number,
    expiresAt: Date,
    notes: data,
  }),
  notes: schemaOf<documents.NoteDocument>('notes', { _id: String, value: String }),
} as const;

/**
 * The indexes, by collection: made at open, and looked for by `doctor`. Ids descend or ascend at the end of each.
 * A partial one is used only where the query says as much as its filter: `$gte: ''` is in every equality with a text,
 * while `$type` has to be said again.
 */
export const indexes: Readonly<Partial<Record<keyof typeof schemas, readonly Index[]>>> = {
  guilds: [{ key: { teamId: 1 }, unique: true }, { key: { userId: 1 }, unique: true }, outboxIndex()],
  products: [
    { key: { uuid: 1 }, unique: true },
    { key: { guildId: 1, 'names.folded': 1 }, unique: true },
    { key: { deletedAt: 1 }, partialFilterExpression: { deletedAt: { $type: 'date' } } },
    outboxIndex(),
  ],
  licenses: [
    { key: { id: 1 } },
    { key: { guildId: 1, id: -1 } },
    { key: { productId: 1, id: -1 } },
    { key: { ownerId: 1, id: -1 }, partialFilterExpression: { ownerId: { $gte: '' } } },
    { key: { guildId: 1, keySuffixFolded: 1, id: -1 } },
    { key: { guildId: 1, order: 1, id: -1 }, partialFilterExpression: { order: { $gte: '' } } },
    { key: { keyAnywhere: 1 } },
    { key: { guildId: 1, 'slots.kind': 1, 'slots.value': 1 } },
    { key: { expiresAt: 1 }, partialFilterExpression: { expiryNotified: false, expiresAt: { $type: 'date' } } },
    { key: { deletedAt: 1 }, partialFilterExpression: { deletedAt: { $type: 'date' } } },
    { key: { guildId: 1, createdBy: 1, createdAt: 1 } },
    { key: { unpublished: 1 }, partialFilterExpression: { unpublished: { $gte: '' } } },
    outboxIndex(),
  ],
  batches: [outboxIndex()],
  observedValues: [
    { key: { licenseId: 1, kind: 1, value: 1 } },
    { key: { kind: 1, value: 1 } },
    { key: { guildId: 1, lastSeenAt: 1 } },
  ],
  apiKeys: [{ key: { hash: 1 }, unique: true }, { key: { guildId: 1 } }, outboxIndex()],
  blacklist: [
    { key: { guildId: 1, type: 1, match: 1 }, unique: true },
    { key: { guildId: 1, _id: -1 } },
    { key: { expiresAt: 1 }, partialFilterExpression: { expiresAt: { $type: 'date' } } },
    outboxIndex(),
  ],
  customers: [
    { key: { guildId: 1, uuid: 1 }, unique: true, partialFilterExpression: { uuid: { $type: 'string' } } },
    outboxIndex(),
  ],
  attempts: [
    { key: { guildId: 1, _id: -1 } },
    { key: { licenseId: 1, _id: -1 }, partialFilterExpression: { licenseId: { $gte: 0 } } },
  ],
  attemptCounts: [{ key: { guildId: 1, minute: 1 } }],
  rejectedRequests: [{ key: { minute: 1 } }],
  audit: [
    { key: { source: 1 }, unique: true },
    { key: { guildId: 1, _id: -1 } },
    { key: { guildId: 1, subject: 1, _id: -1 } },
  ],
  alerts: [{ key: { guildId: 1, kind: 1, subject: 1, after: -1 }, unique: true }],
  effects: [
    { key: { kind: 1, dueAt: 1, _id: 1 }, partialFilterExpression: { status: { $in: ['pending', 'claimed'] } } },
    { key: { guildId: 1 } },
    { key: { createdAt: 1 } },
    outboxIndex(),
  ],
  grantedRoles: [{ key: { guildId: 1, userId: 1 } }],
};

export interface Index {
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique?: true;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
}

/** Documents in which a dead process left something to do. */
function outboxIndex(): Index {
  return { key: { 'outbox.at': 1 }, partialFilterExpression: { 'outbox.at': { $exists: true } } };
}
