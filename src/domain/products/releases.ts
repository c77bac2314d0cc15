import type { Release } from '../product.ts';

/** The releases with one more, which takes the place of the latest one of its branch if it is the latest itself. */
export function withRelease(releases: readonly Release[], added: Release): readonly Release[] {
  const isReplaced = (each: Release) => added.latest && each.latest && each.branch === added.branch;
  return [...releases.map((each) => (isReplaced(each) ? { ...each, latest: false } : each)), added];
}

/** The releases with this one as the latest of its branch. */
export function withLatest(releases: readonly Release[], latest: Release): readonly Release[] {
  return releases.map((each) => {
    const isLatest = each.branch === latest.branch ? each === latest : each.latest;
    return isLatest === each.latest ? each : { ...each, latest: isLatest };
  });
}

/**
 * The releases with this one archived. Where it was the latest of its branch, the newest one that is published there
 * becomes the latest, which `heir` is; null: it was not the latest, or none is published.
 */
export function withArchived(
  releases: readonly Release[],
  archived: Release,
): { readonly releases: readonly Release[]; readonly heir: Release | null } {
  const left = releases.filter((each) => each !== archived);
  const heir = archived.latest ? newestPublished(left, archived.branch) : null;
  return {
    releases: releases.map((each) => {
      if (each === archived) return { ...each, status: 'archived', latest: false };
      return each === heir ? { ...each, latest: true } : each;
    }),
    heir,
  };
}

/**
 * The release that updaters of a branch are sent to: the one that is marked as the latest, else the newest published
 * one. Never one of another branch.
 */
export function latestRelease(releases: readonly Release[], branch: string | null): Release | null {
  const marked = releases.find((each) => each.latest && isPublishedOn(each, branch));
  return marked ?? newestPublished(releases, branch);
}

function newestPublished(releases: readonly Release[], branch: string | null): Release | null {
  return releases.findLast((each) => isPublishedOn(each, branch)) ?? null;
}

function isPublishedOn(release: Release, branch: string | null): boolean {
  return release.status === 'published' && release.branch === branch;
}
