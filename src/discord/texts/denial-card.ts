import type { Attempt } from '../../domain/attempt.ts';
import type { Mend, Trouble } from '../../services/licenses/license-view.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeMachine, kindWords } from './machines.ts';
import { relativeTime } from './phrases.ts';
import { resultWords } from './denials.ts';

/** Whom a text is for: staff can mend more than the owner. */
export type Reader = 'staff' | 'owner';

const mostHolders = 3;

/** The last refusal in words, and what would let that client in. */
export function describeTrouble({ attempt, mend }: Trouble, reader: Reader): string {
  return `${whoWasRefused(attempt, mend)} was refused ${relativeTime(attempt.at)}: ${whyAndMend(attempt, mend, reader)}`;
}

function whoWasRefused({ result, hwid, mac, declaredIp, observedIp }: Attempt, mend: Mend): string {
  if (mend.type === 'release' && mend.value !== null) return codeText(mend.value, 60);
  const isAbout = (kind: string, value: string | null) => value !== null && result.startsWith(kind);
  if (isAbout('hwid', hwid)) return codeText(hwid ?? '', 60);
  return isAbout('mac', mac) ? codeText(mac ?? '', 60) : codeText(declaredIp ?? observedIp, 60);
}

function whyAndMend(attempt: Attempt, mend: Mend, reader: Reader): string {
  const isStaff = reader === 'staff';
  const askStaff = 'Ask the staff of the server.';
  switch (mend.type) {
    case 'release': {
      const { holders, limit, kind } = mend;
      const shown = holders.slice(0, mostHolders).map(describeMachine).join('; ');
      const more = holders.length > mostHolders ? `; and ${holders.length - mostHolders} more` : '';
      const how = isStaff ? ' `/license reset` forgets one.' : '';
      return `${holders.length} of ${limit} ${kindWords[kind].many} used by ${shown}${more}.${how}`;
    }
    case 'raise-limit':
      return `the limit of ${kindWords[mend.kind].many} is 0, which lets nobody in. ${isStaff ? 'Raise it with `/license edit`.' : askStaff}`;
    case 'unblacklist':
      return isStaff
        ? `${resultWords[attempt.result]}${blacklistedAs(mend)}. \`/blacklist remove\` lets it in.`
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
      const asked = mend.asked === null ? 'another product' : `“${escapeText(mend.asked, 60)}”`;
      return `the program asks for ${asked}, but this license is for “${escapeText(mend.product, 60)}”.`;
    }
    case 'right-version': {
      const asked = mend.asked === null ? 'names no version' : `is version ${escapeText(mend.asked, 40)}`;
      const current = mend.current === null ? 'another one' : escapeText(mend.current, 40);
      return `the program ${asked}, and ${current} is needed. ${isStaff ? '`/product version` changes that.' : 'Update the program.'}`;
    }
    case 'right-scope':
      return isStaff
        ? `the license is for the scope “${escapeText(mend.scope, 60)}”, and the program asks for another or none. \`/license edit\` changes that.`
        : `the license is for another scope than the program asks for. ${askStaff}`;
    case 'more-points': {
      const later = mend.isRefilled ? ' They come back after a while.' : '';
      return `its validation points are used up.${later} ${isStaff ? '`/license edit` gives more.' : askStaff}`;
    }
    case 'mended':
      return `${resultWords[attempt.result]}. That cause is gone since; let the program check again.`;
    case 'client':
      return `${resultWords[attempt.result]}. ${isStaff ? 'The program has to be mended.' : askStaff}`;
  }
}

function blacklistedAs({ entry }: Extract<Mend, { type: 'unblacklist' }>): string {
  if (!entry) return '';
  const reason = entry.reason === null ? '' : `, reason: ${escapeText(entry.reason, 200)}`;
  return ` (${entry.type === 'key' ? 'its key' : codeText(entry.value, 60)}${reason})`;
}
