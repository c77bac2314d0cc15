import { dayMs } from '../../domain/values/calendar.ts';
import { readBranch, readVersion } from '../../domain/values/read-fields.ts';
import type { Product, Release } from '../../domain/product.ts';
import { withArchived, withLatest, withRelease } from '../../domain/products/releases.ts';
import type { Warning } from '../../domain/warning.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import { versionPasses } from '../../domain/products/versions.ts';
import type { ServiceContext } from '../context.ts';
import { combineResults } from '../read-input.ts';
import { auditEvent } from '../trail.ts';
import { changeProduct } from './change-product.ts';
import { readOptionalVersion } from './product-fields.ts';
import type { ProductService, ReleaseInput } from './product-service.ts';

const noWarnings: readonly Warning[] = [];

/**
 * The product with its current version among the releases of the default branch. One that is missing is published there,
 * and is the latest.
 */
export function withCurrentRelease(product: Product, now: Date): Product {
  const { version, releases } = product;
  if (version === null || releases.some((release) => release.branch === null && release.version === version)) {
    return product;
  }
  const release: Release = { version, branch: null, status: 'published', latest: true, createdAt: now };
  return { ...product, releases: withRelease(releases, release) };
}

export function createReleases(
  { storage, clock }: ServiceContext,
  products: Pick<ProductService, 'edit'>,
): Pick<ProductService, 'setVersion' | 'previewVersion' | 'addRelease' | 'markLatest' | 'archiveRelease'> {
  const countDenied = (product: Product) =>
    storage.countClients(
      product.guildId,
      product.id,
      new Date(clock().getTime() - dayMs),
      (version) => !versionPasses(product, version),
    );

  const setVersion: ProductService['setVersion'] = async (input) => {
    const changed = await products.edit(input);
    if (!changed.ok) return changed;
    return succeed({ ...changed.value, deniedClients: await countDenied(changed.value.product) });
  };

  const previewVersion: ProductService['previewVersion'] = async (guildId, { productId, version, versionPolicy }) => {
    const current = (await storage.bundle(guildId))?.products.byId(productId);
    if (!current || current.deletedAt) return fail({ code: 'product-not-found', product: String(productId) });
    const read = readOptionalVersion(version);
    if (!read.ok) return read;
    const changed = withCurrentRelease({ ...current, version: read.value, versionPolicy }, clock());
    return succeed({ deniedClients: await countDenied(changed) });
  };

  const readRelease = (input: ReleaseInput) =>
    combineResults({
      version: readVersion(input.version),
      branch: readBranch(input.branch),
    });

  const addRelease: ProductService['addRelease'] = (input) =>
    changeProduct(storage, input, (current) => {
      const read = readRelease(input);
      if (!read.ok) return read;
      if (findRelease(current, read.value)) return fail({ code: 'release-exists', ...read.value });
      const isPublished = input.status === 'published';
      if (input.latest && !isPublished) return fail({ code: 'latest-unpublished' });
      const latest = input.latest ?? isPublished;
      const release: Release = { ...read.value, status: input.status, latest, createdAt: clock() };
      const next = { ...current, releases: withRelease(current.releases, release) };
      const audit = [auditEvent(input, 'release.added', `product:${current.id}`, { ...release })];
      return succeed({ next, audit, extra: { release, warnings: noWarnings } });
    });

  const markLatest: ProductService['markLatest'] = (input) =>
    changeProduct(storage, input, (current) => {
      const read = readRelease(input);
      if (!read.ok) return read;
      const found = findRelease(current, read.value);
      if (!found) return fail({ code: 'release-not-found', ...read.value });
      if (found.status !== 'published') return fail({ code: 'latest-unpublished' });
      if (found.latest) return fail({ code: 'nothing-to-change' });
      const next = { ...current, releases: withLatest(current.releases, found) };
      const before = current.releases.find(({ latest, branch }) => latest && branch === found.branch)?.version ?? null;
      const details = { branch: found.branch, version: { before, after: found.version } };
      const audit = [auditEvent(input, 'release.latest', `product:${current.id}`, details)];
      return succeed({ next, audit, extra: { release: { ...found, latest: true }, warnings: noWarnings } });
    });

  const archiveRelease: ProductService['archiveRelease'] = (input) =>
    changeProduct(storage, input, (current) => {
      const read = readRelease(input);
      if (!read.ok) return read;
      const found = findRelease(current, read.value);
      if (!found) return fail({ code: 'release-not-found', ...read.value });
      if (found.status === 'archived') return fail({ code: 'nothing-to-change' });
      const { releases, heir } = withArchived(current.releases, found);
      const release: Release = { ...found, status: 'archived', latest: false };
      const details = { ...read.value, ...(heir && { heir: heir.version }) };
      const audit = [auditEvent(input, 'release.archived', `product:${current.id}`, details)];
      return succeed({ next: { ...current, releases }, audit, extra: { release, heir, warnings: noWarnings } });
    });

  return { setVersion, previewVersion, addRelease, markLatest, archiveRelease };
}

function findRelease(product: Product, { version, branch }: Pick<Release, 'version' | 'branch'>): Release | undefined {
  return product.releases.find((release) => release.version === version && release.branch === branch);
}
