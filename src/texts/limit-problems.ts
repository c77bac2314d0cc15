import { type LimitProblem, maxLimit } from '../domain/limits.ts';

/** What may stand for a limit, or for the time after which machines are forgotten. */
export function describeLimitProblem(problem: LimitProblem): string {
  switch (problem.code) {
    case 'not-a-limit':
      return `A limit is a whole number from 0 to ${maxLimit}, ${problem.mayInherit ? 'unlimited, or inherit' : 'or unlimited'}.`;
    case 'not-a-forget-time':
      return 'Write after how many minutes unseen machines are forgotten, for example 720 or 12h; never; or inherit.';
  }
}
