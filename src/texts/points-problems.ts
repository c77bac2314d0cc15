import type { PointsProblem } from '../domain/parse-points.ts';
import { maxPoints } from '../domain/points.ts';

/** What may stand for validation points, or for how they come back. */
export function describePointsProblem(problem: PointsProblem): string {
  switch (problem.code) {
    case 'not-a-point-count':
      return problem.word === null
        ? `Points are whole numbers from 0 to ${maxPoints}.`
        : `Write a whole number up to ${maxPoints} of points, or ${problem.word}.`;
    case 'not-a-refill':
      return 'Write how points come back: 10/minute, per 10s, hour or day; or none.';
  }
}
