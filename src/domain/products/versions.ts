import type { Product } from '../product.ts';

const dottedNumbers = /^\d{1,15}(?:\.\d{1,15})*$/;

/**
 * Whether a product's version policy allows a version. It passes where the product has no version or the request names
 * none; protocols that require a version check that with a rule of their own.
 */
export function versionPasses(
  product: Pick<Product, 'version' | 'versionPolicy' | 'releases'>,
  requested: string | null,
): boolean {
  if (product.version === null || requested === null) return true;
  switch (product.versionPolicy) {
    case 'any':
      return true;
    case 'exact':
      return requested === product.version;
    case 'released':
      return product.releases.some((release) => release.status === 'published' && release.version === requested);
    case 'minimum': {
      const difference = compareVersions(requested, product.version);
      return difference === null ? requested === product.version : difference >= 0;
    }
  }
}

/**
 * Negative, zero or positive where `a` is older than, equal to or newer than `b`. Missing parts count as 0. null: one
 * of them is not made of dot-separated integers.
 */
export function compareVersions(a: string, b: string): number | null {
  if (!dottedNumbers.test(a) || !dottedNumbers.test(b)) return null;
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
