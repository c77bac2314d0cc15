import type { BlacklistType } from '../domain/blacklist/blacklist.ts';
import type { BlacklistAssessment, BlacklistConcern, BlacklistImpact } from '../domain/blacklist/blacklist-impact.ts';
import { count } from './count.ts';

/** What an entry hits, in one sentence or two without markdown. */
export function describeImpact(type: BlacklistType, { licenses, owners, isComplete }: BlacklistImpact): string {
  const hits = `${count(licenses, 'license')} and ${count(owners, 'owner')}`;
  switch (type) {
    case 'user':
      return licenses === 0 ? 'It hits nothing: this user owns no license.' : `It hits ${hits}.`;
    case 'key':
      return licenses === 0 ? 'It hits nothing: no license has this key.' : `It hits ${hits}.`;
    default:
      if (!isComplete) {
        const atLeast = licenses === 0 ? 'no license that was found' : `at least ${hits}`;
        return `It hits ${atLeast}; in the last 7 days there were too many checks to look at all of them.`;
      }
      return licenses === 0
        ? 'It hits nothing: no license was bound or granted from there in the last 7 days.'
        : `It hits ${hits} that were bound or granted from there in the last 7 days.`;
  }
}

/** The reasons to ask besides the number of licenses, which `describeImpact` names; a sentence each. */
export function describeConcerns({ concerns, impact }: BlacklistAssessment): readonly string[] {
  return concerns.map((concern) => sentences[concern](impact)).filter((sentence) => sentence !== null);
}

const sentences: Readonly<Record<BlacklistConcern, (impact: BlacklistImpact) => string | null>> = {
  loopback: () => 'It holds the address of the server’s own machine, from which a proxy may pass on every check.',
  proxy: () => 'It holds a proxy in front of the server, through which every customer may come.',
  'private-network': () => 'It holds addresses of the local network, where the proxy in front of the server may be.',
  'placeholder-hwid': () => 'It is a placeholder that any number of machines report instead of a HWID of their own.',
  'most-grants': ({ lastDay: { all, matching } }) =>
    `It would have refused ${matching.toLocaleString('en-US')} of the ${count(all, 'check')} that were granted in the last day.`,
  'wide-range': () => 'It is a wide range: wider than /24, or /48 of IPv6.',
  'several-licenses': () => null,
};
