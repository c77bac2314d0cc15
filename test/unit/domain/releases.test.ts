import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../src/domain/product.ts';
import { latestRelease, withArchived, withLatest, withRelease } from '../../../src/domain/products/releases.ts';

function release(version: string, own: Partial<Release> = {}): Release {
  return { version, branch: null, status: 'published', latest: false, createdAt: new Date(0), ...own };
}

const marked = (releases: readonly Release[]) => releases.filter(({ latest }) => latest).map(({ version }) => version);

describe('the latest release', () => {
  test.each([
    ['the marked one, however old', [release('1', { latest: true }), release('2')], null, '1'],
    ['else the newest published', [release('1'), release('2'), release('3', { status: 'draft' })], null, '2'],
    [
      'not a marked one that is not published',
      [release('1'), release('2', { status: 'draft', latest: true })],
      null,
      '1',
    ],
    ['that of the branch', [release('1', { latest: true }), release('2', { branch: 'beta' })], 'beta', '2'],
    ['never one of another branch', [release('1', { latest: true })], 'beta', undefined],
    ['never one of another branch for the default', [release('1', { branch: 'beta', latest: true })], null, undefined],
  ])('is %s', (_, releases, branch, version) => {
    expect(latestRelease(releases, branch)?.version).toBe(version);
  });
});

test('a new latest takes the place of that of its branch alone, and one that is not leaves it', () => {
  const releases = [release('1', { latest: true }), release('b', { branch: 'beta', latest: true })];
  expect(marked(withRelease(releases, release('2', { latest: true })))).toEqual(['b', '2']);
  expect(marked(withRelease(releases, release('2')))).toEqual(['1', 'b']);
});

test('one that is marked replaces that of its branch alone', () => {
  const [older, latest, beta] = [
    release('1'),
    release('2', { latest: true }),
    release('b', { branch: 'beta', latest: true }),
  ];
  expect(marked(withLatest([older, latest, beta], older))).toEqual(['1', 'b']);
});

test('an archived latest leaves that to the newest published of its branch; another one changes nothing', () => {
  const [oldest, newer, latest] = [release('1'), release('2'), release('3', { latest: true })];
  const beta = release('b', { branch: 'beta' });
  const draft = release('4', { status: 'draft' });
  const all = [oldest, newer, latest, draft, beta];
  const after = withArchived(all, latest);
  expect([after.heir?.version, marked(after.releases)]).toEqual(['2', ['2']]);
  expect(after.releases[2]).toMatchObject({ status: 'archived', latest: false });
  expect(marked(withArchived(all, oldest).releases)).toEqual(['3']);
  expect(withArchived([latest, draft, beta], latest)).toMatchObject({ heir: null });
});
