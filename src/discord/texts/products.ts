import { bindingKinds } from '../../domain/limits.ts';
import type { Product, Release, VersionPolicy } from '../../domain/product.ts';
import type { ProductInfo } from '../../services/products/product-service.ts';
import type { Card } from '../framework/embed.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeFeatures, describeMetadata } from './metadata.ts';
import { describeLimit, kindWords } from './machines.ts';
import { count, fullTime, mentionRole, relativeTime } from './phrases.ts';

/** Which versions each policy allows. */
export const policyWords: Readonly<Record<VersionPolicy, string>> = {
  exact: 'only the current version',
  released: 'every published release',
  minimum: 'the current version and newer ones',
  any: 'every version',
};

/** A product within a sentence, by name and number. */
export function productName({ id, name }: Pick<Product, 'id' | 'name'>): string {
  return `**${escapeText(name)}** (#${id})`;
}

/** A product in a list. */
export function describeProduct({ product, licenses, owners, further }: ProductInfo): string {
  const { version, versionPolicy } = product;
  return [
    productName(product),
    ...(version === null ? [] : [`${escapeText(version, 40)} (${versionPolicy})`]),
    describeLicenses({ licenses, owners }),
    ...(further === 0 ? [] : [describeFurtherLicenses(further)]),
  ].join(' · ');
}

/** Licenses of other main products that are for this one as well. */
function describeFurtherLicenses(further: number): string {
  return `${count(further, 'other license')} ${further === 1 ? 'includes' : 'include'} it`;
}

export function describeLicenses({ licenses, owners }: Pick<ProductInfo, 'licenses' | 'owners'>): string {
  return licenses === 0 ? 'no licenses' : `${count(licenses, 'license')} of ${count(owners, 'owner')}`;
}

/** The current version, and which versions may run. */
export function describeVersion({ version, versionPolicy }: Pick<Product, 'version' | 'versionPolicy'>): string {
  if (version === null) return 'none set: every version runs';
  return `${codeText(version)}, policy ${versionPolicy}: ${policyWords[versionPolicy]} may run`;
}

/** Everything about a product on one card. */
export function describeProductCard(info: ProductInfo): Card {
  const { product } = info;
  const limits = bindingKinds.map((kind) => {
    const limit = product.limits[kind];
    return `${kindWords[kind].many}: ${limit === 'inherit' ? 'as in the settings' : describeLimit(limit)}`;
  });
  const published = product.releases.filter(({ status }) => status === 'published').length;
  return {
    title: escapeText(product.name),
    lines: product.description === null ? [] : [escapeText(product.description, 1000)],
    fields: [
      ['Licenses', describeLicenses(info)],
      ['In bundles', info.further === 0 ? '' : describeFurtherLicenses(info.further)],
      ['Version', describeVersion(product), false],
      ['Releases', product.releases.length === 0 ? '' : `${product.releases.length}, ${published} of them published`],
      ['Buyer role', product.buyerRoleId === null ? '' : mentionRole(product.buyerRoleId)],
      ['Claim role', product.claimRoleId === null ? '' : mentionRole(product.claimRoleId)],
      ['Limits', limits.join('\n'), false],
      ['Licenses end', product.term === null ? '' : codeText(product.term)],
      ['Trial', product.trial === null ? '' : codeText(product.trial)],
      ['Grace', product.graceDays === 0 ? '' : `${count(product.graceDays, 'day')} after the end`],
      ['Features', describeFeatures(product.features)],
      ['Metadata', describeMetadata(product.metadata), false],
      ['Former names', product.aliases.map((alias) => escapeText(alias)).join(', '), false],
      ['Number', codeText(String(product.id))],
      ['UUID', codeText(product.uuid)],
      ['Created', fullTime(product.createdAt)],
      ['Page', product.url === null ? '' : escapeText(product.url, 500), false],
    ],
    imageUrl: product.imageUrl,
  };
}

/** A release in a list. */
export function describeRelease({ version, branch, status, latest, createdAt }: Release): string {
  return [
    `${codeText(version)}${branch === null ? '' : ` on ${escapeText(branch, 60)}`}`,
    status,
    ...(latest ? ['latest'] : []),
    relativeTime(createdAt),
  ].join(' · ');
}

export function releaseName({ version, branch }: Pick<Release, 'version' | 'branch'>): string {
  return `Version ${codeText(version)}${branch === null ? '' : ` on branch ${escapeText(branch, 60)}`}`;
}
