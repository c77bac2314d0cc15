import type { BlacklistEntry, BlacklistType } from '../../domain/blacklist.ts';
import { countryName } from '../../domain/values/countries.ts';
import type { BlacklistAssessment } from '../../domain/blacklist-impact.ts';
import { describeConcerns, describeImpact } from '../../texts/blacklist-impact.ts';
import type { DialogQuestion } from '../framework/dialog.ts';
import { codeText, escapeText } from './escape-text.ts';
import { count, fullTime, mentionUser, relativeTime } from './phrases.ts';

const typeWords: Readonly<Record<BlacklistType, string>> = {
  ip: 'IP',
  hwid: 'HWID',
  key: 'key',
  user: 'user',
  country: 'country',
};

/** What is blacklisted, within a sentence; of a key only its suffix. */
export function entryName({ type, value }: Pick<BlacklistEntry, 'type' | 'value'>): string {
  const shown = { user: () => mentionUser(value), country: () => `${countryName(value)} (${value})` };
  const text = type === 'user' || type === 'country' ? shown[type]() : codeText(value, 200);
  return `${typeWords[type]} ${text}`;
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
  return [`#${id} ${typeWords[type]} ${text}`, ...(reason === null ? [] : [reason])].join(' · ');
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
    title: `Blacklist this ${typeWords[type]}?`,
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
