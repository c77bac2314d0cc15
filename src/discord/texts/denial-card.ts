import type { Attempt } from '../../domain/attempt.ts';
import type { Remedy, LastDenial } from '../../services/licenses/license-view.ts';
import { entryName } from './blacklist.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeMachine, kindWords } from './machines.ts';
import { count, relativeTime } from './phrases.ts';
import { resultWords } from './denials.ts';

/** Who reads a text. Staff can do more about a denial than the owner. */
export type Reader = 'staff' | 'owner';

const maxHolders = 3;

/** The last denial in words, and its remedy. */
export function describeLastDenial({ attempt, remedy }: LastDenial, reader: Reader): string {
  return `${describeClient(attempt, remedy)} was refused ${relativeTime(attempt.at)}: ${describeCauseAndRemedy(attempt, remedy, reader)}`;
}

function describeClient({ result, hwid, mac, declaredIp, observedIp }: Attempt, remedy: Remedy): string {
  if (remedy.type === 'release' && remedy.value !== null) return codeText(remedy.value, 60);
  const isAbout = (kind: string, value: string | null) => value !== null && result.startsWith(kind);
  if (isAbout('hwid', hwid)) return codeText(hwid ?? '', 60);
  return isAbout('mac', mac) ? codeText(mac ?? '', 60) : codeText(declaredIp ?? observedIp, 60);
}

function describeCauseAndRemedy(attempt: Attempt, remedy: Remedy, reader: Reader): string {
  const isStaff = reader === 'staff';
  const askStaff = 'Ask the staff of the server.';
  switch (remedy.type) {
    case 'release': {
      const { holders, limit, kind } = remedy;
      const shown = holders.slice(0, maxHolders).map(describeMachine).join('; ');
      const more = holders.length > maxHolders ? `; and ${holders.length - maxHolders} more` : '';
      const how = isStaff ? ' `/license reset` forgets one.' : '';
      return `${holders.length} of ${count(limit, kindWords[kind].one, kindWords[kind].many)} used by ${shown}${more}.${how}`;
    }
    case 'raise-limit':
      return `the limit of ${kindWords[remedy.kind].many} is 0, which lets nobody in. ${isStaff ? 'Raise it with `/license edit`.' : askStaff}`;
    case 'unblacklist':
      return isStaff
        ? `${resultWords[attempt.result]}${blacklistedAs(remedy)}. \`/blacklist remove\` lets it in.`
        : `it is blocked in this server. ${askStaff}`;
    case 'resume':
      return `the license is suspended. ${isStaff ? 'Use `/license resume`.' : askStaff}`;
    case 'switch-on':
      return isStaff
        ? 'its owner has paused the license and can switch it on in `/mylicenses`.'
        : 'you have paused the license. Switch it on below.';
    case 'extend':
      return `the license has expired. ${isStaff ? 'Use `/license extend`.' : askStaff}`;
    case 'restore':
      return `the license is deleted. ${isStaff ? 'Use `/license restore`.' : askStaff}`;
    case 'right-product': {
      const asked = remedy.asked === null ? 'another product' : `“${escapeText(remedy.asked, 60)}”`;
      return `the program asks for ${asked}, but this license is for “${escapeText(remedy.product, 60)}”.`;
    }
    case 'right-version': {
      const asked = remedy.asked === null ? 'names no version' : `is version ${escapeText(remedy.asked, 40)}`;
      const current = remedy.current === null ? 'another one' : escapeText(remedy.current, 40);
      return `the program ${asked}, and ${current} is needed. ${isStaff ? '`/product version` changes that.' : 'Update the program.'}`;
    }
    case 'right-scope':
      return isStaff
        ? `the license is for the scope “${escapeText(remedy.scope, 60)}”, and the program asks for another or none. \`/license edit\` changes that.`
        : `the license is for another scope than the program asks for. ${askStaff}`;
    case 'more-points': {
      const later = remedy.isRefilled ? ' They come back after a while.' : '';
      return `its validation points are used up.${later} ${isStaff ? '`/license edit` gives more.' : askStaff}`;
    }
    case 'resolved':
      return `${resultWords[attempt.result]}. That cause is gone since; let the program check again.`;
    case 'client':
      return `${resultWords[attempt.result]}. ${isStaff ? 'The program has to be fixed.' : askStaff}`;
  }
}

function blacklistedAs({ entry }: Extract<Remedy, { type: 'unblacklist' }>): string {
  if (!entry) return '';
  const reason = entry.reason === null ? '' : `, reason: ${escapeText(entry.reason, 200)}`;
  return ` (${entry.type === 'key' ? 'its key' : entryName(entry)}${reason})`;
}
