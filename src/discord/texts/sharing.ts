import type { License } from '../../domain/license.ts';
import type { LicenseChanged } from '../../services/licenses/license-service.ts';
import type { Card } from '../framework/embed.ts';
import { describeHelpers, licenseName } from './licenses.ts';
import { count, listWords, mentionUser } from './phrases.ts';

/** Whom a license is shared with and what that means, for its owner. */
export function describeSharing({ helperIds, helpersSeeKey }: License, max: number): readonly string[] {
  const users = helperIds.map((id, index) => `${index + 1}. ${mentionUser(id)}`);
  const limit =
    max === 0 ? 'Licenses are not shared in this server.' : `You can share it with ${count(max, 'user')} at most.`;
  const key = helpersSeeKey ? 'They see its key.' : 'They do not see its key.';
  return [
    ...(users.length === 0 ? ['It is shared with nobody.'] : users),
    '',
    `Whom you share it with gets its roles, sees its machines and can forget one within your resets. ${key}`,
    limit,
  ];
}

/** What staff did, and whom the license is shared with now. */
export function describeShared(changed: LicenseChanged, helperId: string, isShared: boolean): Card {
  const others = describeHelpers(changed.license);
  const who = mentionUser(helperId);
  return {
    title: isShared ? 'License shared' : 'License no longer shared',
    lines: [
      `${licenseName(changed)} ${isShared ? `is shared with ${who} now` : `is no longer shared with ${who}`}.`,
      others === '' ? 'It is shared with nobody.' : `It is shared with: ${others}.`,
    ],
  };
}

/** Says of a license with a new owner that its sharing has ended; empty where it was shared with nobody. */
export function describeEndedSharing(helperIds: readonly string[]): readonly string[] {
  if (helperIds.length === 0) return [];
  return [`It is no longer shared with ${listWords(helperIds.map(mentionUser))}: its new owner decides that.`];
}
