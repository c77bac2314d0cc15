import type { SettingProblem } from '../domain/command-error.ts';

/** Why a setting does not take a value: one sentence that says what it may be. */
export function describeSettingProblem(problem: SettingProblem): string {
  switch (problem.code) {
    case 'not-allowed':
      return `This must be ${problem.allowed}.`;
    case 'neither-letters-nor-digits':
      return 'Keys need letters or digits: switch one of the two on.';
    case 'keys-too-long':
      return `Keys would have ${problem.length} characters with prefix and hyphens; at most ${problem.max} are possible.`;
  }
}
