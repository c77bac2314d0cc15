import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Release, type ReleaseStatus, versionPolicies, type VersionPolicy } from '../../../src/domain/product.ts';
import { compareVersions, versionPasses } from '../../../src/domain/products/versions.ts';

const createdAt = new Date('2026-01-01T00:00:00Z');
const release = (version: string, status: ReleaseStatus, branch: string | null = null): Release => ({
  version,
  branch,
  status,
  latest: false,
  createdAt,
});
const releases = [
  release('1.0.0', 'published'),
  release('1.1.0', 'archived'),
  release('1.2.0', 'draft'),
  release('1.3.0', 'deprecated'),
  release('2.0.0-beta', 'published', 'beta'),
];
const product = (versionPolicy: VersionPolicy, version: string | null = '1.0.0') => ({
  version,
  versionPolicy,
  releases,
});

describe('versionPasses', () => {
  test.each<[VersionPolicy, string, boolean]>([
    ['exact', '1.0.0', true],
    ['exact', '1.0', false],
    ['exact', '1.0.1', false],
    ['exact', 'V1.0.0', false],
    ['released', '1.0.0', true],
    ['released', '2.0.0-beta', true],
    ['released', '1.1.0', false],
    ['released', '1.2.0', false],
    ['released', '1.3.0', false],
    ['released', '3.0.0', false],
    ['minimum', '1.0.0', true],
    ['minimum', '1', true],
    ['minimum', '1.0.1', true],
    ['minimum', '10', true],
    ['minimum', '0.9.9', false],
    ['minimum', '1.0.0-beta', false],
    ['minimum', 'newest', false],
    ['any', 'whatever', true],
  ])('%s with current version 1.0.0: %s passes: %s', (policy, requested, passes) => {
    expect(versionPasses(product(policy), requested)).toBe(passes);
  });

  test('what cannot be compared passes the minimum only if equal', () => {
    expect(versionPasses(product('minimum', '1.0-rc1'), '1.0-rc1')).toBe(true);
    expect(versionPasses(product('minimum', '1.0-rc1'), '2.0')).toBe(false);
  });

  test.each(versionPolicies)('%s: a product without a version lets any pass', (policy) => {
    expect(versionPasses(product(policy, null), '0.0.1')).toBe(true);
  });

  test.each(versionPolicies)('%s: a request that names no version has nothing to compare', (policy) => {
    expect(versionPasses(product(policy), null)).toBe(true);
  });
});

describe('compareVersions', () => {
  test.each([
    ['1.10', '1.9', 1],
    ['1.9', '1.10', -1],
    ['1.0.0', '1', 0],
    ['01.2', '1.2', 0],
    ['2', '1.9999.9999', 1],
    ['1.0.0.1', '1', 1],
  ])('%s to %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b)!)).toBe(sign);
  });

  test.each(['', '1.', '.1', 'v1', '1.0-beta', '1,0', '-1', '1 0', '1'.repeat(16)])('%j cannot be compared', (text) => {
    expect(compareVersions(text, '1')).toBeNull();
    expect(compareVersions('1', text)).toBeNull();
  });

  test('it is an order: swapping the sides swaps the sign', () => {
    const version = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b)!) + Math.sign(compareVersions(b, a)!)).toBe(0);
      }),
    );
  });
});
