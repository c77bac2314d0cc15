import type { BlacklistValueProblem } from '../domain/blacklist/blacklist.ts';

/** What to write so that it can be blacklisted. */
export function describeBlacklistValueProblem(problem: BlacklistValueProblem): string {
  switch (problem.code) {
    case 'value-too-long':
      return `At most ${problem.max} characters can be blacklisted.`;
    case 'not-an-ip':
      return 'Write an address, a range such as 203.0.113.0/24, or the text that the program declares.';
    case 'hwid-missing':
      return 'Write the HWID to blacklist.';
    case 'not-a-user':
      return 'Write a Discord user id: 15 to 20 digits.';
    case 'not-a-country':
      return 'Write a country as its English name or its ISO code, such as Germany, DE or DEU.';
    case 'not-a-key':
      return 'Write a whole key, which has 1 to 255 printable characters, or the id of its license.';
  }
}
