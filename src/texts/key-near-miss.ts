import type { KeyNearMiss } from '../domain/values/key-near-miss.ts';

/** What is wrong with a typed key, and what to do about it. */
export function describeKeyNearMiss(nearMiss: KeyNearMiss): string {
  const problems = [lengthProblem(nearMiss), lookAlikeProblem(nearMiss)].filter((problem) => problem !== null);
  return [...problems, 'Copy the whole key, as it was sent to you.'].join(' ');
}

function lengthProblem({ length, keyLength, groupLength }: KeyNearMiss): string | null {
  const difference = Math.abs(length - keyLength);
  if (difference === 0) return null;
  const groups = groupLength === 0 ? '' : ` in groups of ${groupLength}`;
  const isGroup = difference === groupLength;
  const what = isGroup ? 'a group' : difference === 1 ? 'one character' : `${difference} characters`;
  const isOne = isGroup || difference === 1;
  const verdict = length < keyLength ? `${what} ${isOne ? 'is' : 'are'} missing` : `${what} too many`;
  return `Keys here have ${keyLength} letters and digits${groups}, and this one has ${length}: ${verdict}.`;
}

function lookAlikeProblem({ lookAlikes }: KeyNearMiss): string | null {
  if (lookAlikes === '') return null;
  const names = Array.from(lookAlikes).map((character) => `“${character}”`);
  const why = names.length === 1 ? 'looks like another character' : 'look like other characters';
  return `Keys here never hold ${names.join(' or ')}, which ${why}.`;
}
