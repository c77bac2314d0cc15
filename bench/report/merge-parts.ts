import { type ContenderSet, type Part, partNames, type Results } from './results.ts';

/**
 * The results with this part. What the part measured replaces what its last run measured of the same, and the rest of that
 * run stays, so that a run of a few sets does not remove the others.
 */
export function mergeParts(results: Results, part: Part): Results {
  const former = results.parts.find(({ name }) => name === part.name);
  const merged = former ? mergePart(former, part) : part;
  return {
    parts: partNames.flatMap((name) =>
      name === part.name ? merged : results.parts.filter((one) => one.name === name),
    ),
  };
}

function mergePart(former: Part, part: Part): Part {
  return {
    ...part,
    sets: mergeBy(former.sets, part.sets, identityOf),
    figures: mergeBy(former.figures, part.figures, ({ name }) => name),
    operations: mergeBy(former.operations, part.operations, ({ name }) => name),
  };
}

const identityOf = ({ name, connections, keepAlive, tls }: ContenderSet) =>
  [name, connections, keepAlive, tls].join(' ');

/** Both lists, of which items with one identity come once, at their first place and in their last form. */
function mergeBy<T>(former: readonly T[], newer: readonly T[], identityOf: (item: T) => string): readonly T[] {
  const items = new Map(former.map((item) => [identityOf(item), item]));
  for (const item of newer) items.set(identityOf(item), item);
  return [...items.values()];
}
