import type { Attempt } from '../../domain/attempt.ts';
import { isForProduct } from '../../domain/license-products.ts';
import type { Product, Release } from '../../domain/product.ts';
import type { Bundle, ProductReader } from '../../domain/snapshot.ts';
import { versionPasses } from '../../domain/products/versions.ts';
import type { LicenseView, Remedy } from './license-view.ts';

/*
 * Remedies for denials that are about a product, its versions or its releases. Each asks again what the rule of the
 * attempt's own protocol asked, because the protocols name products and versions in different ways.
 */

interface Facts {
  readonly view: LicenseView;
  readonly bundle: Bundle;
}

const resolved: Remedy = { type: 'resolved' };

/** For a deleted license, or one that is deleted with its product. */
export function restoreRemedy({ product }: LicenseView): Remedy {
  return { type: product.deletedAt === null ? 'restore' : 'restore-product' };
}

/** For a client that asked for an unknown product, for another license's, or for none where one must be named. */
export function productRemedy(attempt: Attempt, { view, bundle }: Facts): Remedy {
  const { license, product, furtherProducts } = view;
  const { products, settings } = bundle;
  if (view.state === 'deleted') return restoreRemedy(view);
  if (license.allProducts && attempt.protocol === 'lukittu') return resolved;
  const own = [product, ...furtherProducts];
  const runnable = license.staff || license.allProducts ? products.all() : own;
  const passes =
    attempt.product === null && attempt.protocol === 'lukittu'
      ? !settings['lukittu.strictProducts']
      : runnable.some((each) => isNamed(attempt, each, products));
  if (passes) return resolved;
  return { type: 'right-product', asked: attempt.product, products: own.map(({ name }) => ({ name })) };
}

/** For a client whose version must not run. Lukittu's clients name a release; all others are measured by the policy. */
export function versionRemedy(attempt: Attempt, facts: Facts): Remedy {
  const { license } = facts.view;
  const { version } = attempt;
  if (license.staff) return resolved;
  const product = askedProduct(attempt, facts);
  if (attempt.protocol !== 'lukittu') {
    const passes = versionPasses(product, version);
    return passes ? resolved : { type: 'right-version', asked: version, current: product.version };
  }
  const published = publishedOf(releasesAsked(attempt, facts));
  const passes =
    published.length === 0 ||
    (version === null
      ? !facts.bundle.settings['lukittu.strictReleases']
      : published.some((release) => release.version === version));
  if (passes) return resolved;
  return { type: 'right-release', asked: version, published: published.map((release) => release.version) };
}

/** For a client that asked for a branch without a published release. */
export function branchRemedy(attempt: Attempt, facts: Facts): Remedy {
  // Attempts that were stored before their branch was do not name it.
  if (attempt.branch === null) return { type: 'client' };
  const passes = facts.view.license.staff || publishedOf(releasesAsked(attempt, facts)).length > 0;
  return passes ? resolved : { type: 'right-branch', asked: attempt.branch };
}

/** Whether the client named this product. */
function isNamed({ protocol, product: asked }: Attempt, { id }: Product, products: ProductReader): boolean {
  if (asked === null) return false;
  switch (protocol) {
    case 'tki':
      return products.byName(asked)?.id === id;
    case 'lukittu':
      return products.byUuid(asked)?.id === id;
    case 'faxstore':
    case 'sunlicense':
      return asked.split(',').some((each) => Number(each) === id);
    case 'licensegate':
      return true;
  }
}

function releasesAsked(attempt: Attempt, facts: Facts): readonly Release[] {
  const { branch } = attempt;
  return askedProduct(attempt, facts).releases.filter((release) => branch === null || release.branch === branch);
}

/** The product whose version or branch the client got wrong: one of the license's, most often its main one. */
function askedProduct({ productId }: Attempt, { view, bundle }: Facts): Product {
  const asked = productId === null ? null : bundle.products.byId(productId);
  return asked && isForProduct(view.license, asked.id) ? asked : view.product;
}

function publishedOf(releases: readonly Release[]): readonly Release[] {
  return releases.filter(({ status }) => status === 'published');
}
