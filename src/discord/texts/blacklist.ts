import type { BlacklistEntry } from '../../domain/blacklist/blacklist.ts';
import { countryName } from '../../domain/values/countries.ts';
import type { BlacklistAssessment } from '../../domain/blacklist/blacklist-impact.ts';
import { blacklistTypeNames, describeDenyingEntry } from '../../texts/denying-entry.ts';
import type { DenyingEntry } from '../../services/licenses/license-view.ts';
import { describeConcerns, describeImpact } from '../../texts/blacklist-impact.ts';
import type { DialogQuestion } from '../framework/dialog.ts';
import { codeText, escapeText } from './escape-text.ts';
import { count, fullTime, mentionUser, relativeTime } from './phrases.ts';

/** How many entries a card names. */
const maxDenyingEntries = 3;

/** What is blacklisted, within a sentence; of a key only its suffix. */
export function entryName({ type, value }: Pick<BlacklistEntry, 'type' | 'value'>): string {
  const shown = { user: () => mentionUser(value), country: () => `${countryName(value)} (${value})` };
  const text = type === 'user' || type === 'country' ? shown[type]() : codeText(value, 200);
  return `${blacklistTypeNames[type]} ${text}`;
}

/** An entry in a list. */
export function describeEntry(entry: BlacklistEntry): string {
  const { id, reason, expiresAt, hits, createdBy } = entry;
  return [
    `#${id} ${entryName(entry)}`,
    ...(reason === null ? [] : [escapeText(reason, 100)]),
    ...(expiresAt === null ? [] : [`ends ${relativeTime(expiresAt)}`]),
    ...(hits === 0 ? [] : [count(hits, 'hit')]),
    ...(createdBy.startsWith('user:') ? [`by ${mentionUser(createdBy.slice('user:'.length))}`] : []),
  ].join(' · ');
}

/** An entry in an autocomplete choice, where Discord shows no markdown. */
export function entryChoice({ id, type, value, reason }: BlacklistEntry): string {
  const text = type === 'country' ? countryName(value) : value;
  return [`#${id} ${blacklistTypeNames[type]} ${text}`, ...(reason === null ? [] : [reason])].join(' · ');
}

export function describeEntryEnd({ expiresAt }: Pick<BlacklistEntry, 'expiresAt'>): string {
  return expiresAt === null
    ? 'It stays until it is removed.'
    : `It ends ${fullTime(expiresAt)} (${relativeTime(expiresAt)}).`;
}

/** What a staff member is asked before an entry is added. */
export function describeEntryQuestion(assessment: BlacklistAssessment): DialogQuestion {
  const { type, impact, confirmWith } = assessment;
  return {
    title: `Blacklist this ${blacklistTypeNames[type]}?`,
    lines: [
      entryName(assessment),
      describeImpact(type, impact),
      ...describeConcerns(assessment).map((concern) => `⚠️ ${concern}`),
      'All that it matches is refused from the next check on.',
      ...(confirmWith === null ? [] : [`To confirm, press the button and type ${describeTyped(assessment)}.`]),
    ],
    label: 'Blacklist it',
  };
}

function describeTyped({ type, confirmWith }: BlacklistAssessment): string {
  return `${type === 'key' ? 'the id of its license, ' : ''}${codeText(confirmWith ?? '', 1024)}`;
}

/** What blacklist entries do to a license, for staff: a line each. */
export function describeDenyingEntries(deniedBy: readonly DenyingEntry[]): readonly string[] {
  const shown = deniedBy.slice(0, maxDenyingEntries).map((one) => describeDenyingEntry(one, entryName));
  const more = deniedBy.length - shown.length;
  if (more === 0) return shown;
  return [
    ...shown,
    `${count(more, 'more entry of the blacklist refuses', 'more entries of the blacklist refuse')} it, too.`,
  ];
}

/** The same for its owner, who does not learn what exactly is blacklisted, or why. null: nothing is blocked. */
export function describeBlocked([first]: readonly DenyingEntry[]): string | null {
  if (!first) return null;
  const { entry, value } = first;
  const what = value === null ? 'It is' : `Checks from ${entryName({ type: entry.type, value })} are`;
  return `${what} blocked in this server. Ask the staff of the server.`;
}
