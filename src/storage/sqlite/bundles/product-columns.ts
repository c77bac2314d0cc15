import type { InheritableLimits } from '../../../domain/limits.ts';
import type { Product, Release, ReleaseStatus, VersionPolicy } from '../../../domain/product.ts';
import type { MetadataEntry } from '../../../domain/values/metadata.ts';
import { describeColumns, type Fields } from '../columns.ts';
import { column, flag, instant, json, optionalInstant, optionalList, plain } from '../fields.ts';

/** A product without what other tables hold: its former names in `product_names`, its releases in `releases`. */
type ProductRecord = Omit<Product, 'aliases' | 'releases'>;

export const productColumns = describeColumns<ProductRecord>({
  id: plain<number>('id'),
  uuid: plain<string>('uuid'),
  guildId: plain<string>('guild_id'),
  name: plain<string>('name'),
  description: plain<string | null>('description'),
  version: plain<string | null>('version'),
  versionPolicy: plain<VersionPolicy>('version_policy'),
  buyerRoleId: plain<string | null>('buyer_role_id'),
  claimRoleId: plain<string | null>('claim_role_id'),
  limits: json<InheritableLimits>('limits'),
  features: optionalList<string>('features'),
  metadata: optionalList<MetadataEntry>('metadata'),
  term: plain<string | null>('term'),
  trial: plain<string | null>('trial'),
  graceDays: plain<number>('grace_days'),
  url: plain<string | null>('url'),
  imageUrl: plain<string | null>('image_url'),
  createdAt: instant('created_at'),
  updatedAt: instant('updated_at'),
  revision: plain<number>('revision'),
  deletedAt: optionalInstant('deleted_at'),
} satisfies Fields<ProductRecord>);

/** `''` is the default branch, because a column of a primary key cannot be NULL. */
const branch = column<string | null>(
  'branch',
  (value) => value ?? '',
  (stored) => (stored === '' ? null : (stored as string)),
);

export const releaseColumns = describeColumns<Release>({
  version: plain<string>('version'),
  branch,
  status: plain<ReleaseStatus>('status'),
  latest: flag('latest'),
  createdAt: instant('created_at'),
} satisfies Fields<Release>);
