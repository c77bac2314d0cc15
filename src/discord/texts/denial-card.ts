import { type Attempt, countedAddress } from '../../domain/attempt.ts';
import type { LastDenial, LicenseCard, Remedy } from '../../services/licenses/license-view.ts';
import { listProducts } from '../../texts/product-names.ts';
import { describeIps } from './attempt-line.ts';
import { entryName } from './blacklist.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeMachine, kindWords } from './machines.ts';
import { count, listWords, relativeTime } from './phrases.ts';
import { resultWords } from './denials.ts';

/** Who reads a text. Staff can do more about a denial than the owner. */
export type Reader = 'staff' | 'owner';

const maxHolders = 3;
const maxReleases = 5;
const maxScopes = 5;

/** The last denial in words, with its remedy. A denial that no longer holds is described as history. */
export function describeLastDenial({ attempt, remedy }: LastDenial, reader: Reader): string {
  const refused = `${describeClient(attempt, remedy)} was refused ${relativeTime(attempt.at)}`;
  if (remedy.type === 'resolved') return `${refused}: ${resultWords[attempt.result]}, which no longer holds.`;
  return `${refused}: ${describeCauseAndRemedy(attempt, remedy, reader)}`;
}

/** Whether nothing was granted since the license's last denial, and its reason still holds. */
export function isDenied({ lastDenial }: Pick<LicenseCard, 'lastDenial'>): boolean {
  return lastDenial !== null && lastDenial.remedy.type !== 'resolved';
}

/** The client by what was denied: the counted value of a limit, or else the addresses that it came from. */
function describeClient(attempt: Attempt, remedy: Remedy): string {
  const { result, hwid, mac } = attempt;
  const isLimit = remedy.type === 'release' || remedy.type === 'raise-limit';
  if (isLimit && remedy.value !== null) return codeText(remedy.value, 60);
  if (result.startsWith('hwid') && hwid !== null) return codeText(hwid, 60);
  if (result.startsWith('mac') && mac !== null) return codeText(mac, 60);
  return result === 'ip-limit' ? codeText(countedAddress(attempt), 60) : describeIps(attempt);
}

function describeCauseAndRemedy(
  attempt: Attempt,
  remedy: Exclude<Remedy, { type: 'resolved' }>,
  reader: Reader,
): string {
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
    case 'restore-product':
      return `its product is deleted, and the license with it. ${isStaff ? 'Use `/product restore`.' : askStaff}`;
    case 'right-product': {
      const products = listProducts(remedy.products, (name) => `“${escapeText(name, 60)}”`);
      const asked = remedy.asked === null ? 'another product' : `“${escapeText(remedy.asked, 60)}”`;
      return `the program asks for ${asked}, but this license is for ${products}.`;
    }
    case 'right-version': {
      const asked = remedy.asked === null ? 'names no version' : `is version ${escapeText(remedy.asked, 40)}`;
      const current = remedy.current === null ? 'another one' : escapeText(remedy.current, 40);
      return `the program ${asked}, and ${current} is needed. ${isStaff ? '`/product version` changes that.' : 'Update the program.'}`;
    }
    case 'right-release': {
      const asked = remedy.asked === null ? 'names no release' : `is release ${escapeText(remedy.asked, 40)}`;
      const published = listWords(remedy.published.slice(-maxReleases).map((version) => escapeText(version, 40)));
      return `the program ${asked}, and the published ones are ${published}. ${isStaff ? '`/product release add` publishes another.' : 'Update the program.'}`;
    }
    case 'right-branch':
      return `no release is published on the branch “${escapeText(remedy.asked, 60)}” that the program asks for. ${isStaff ? '`/product release add` publishes one.' : askStaff}`;
    case 'right-scope': {
      const asked = remedy.asked === null ? 'none' : `“${escapeText(remedy.asked, 60)}”`;
      return isStaff
        ? `the license is for the ${remedy.allowed.length === 1 ? 'scope' : 'scopes'} ${listWords(remedy.allowed.slice(0, maxScopes).map((scope) => `“${escapeText(scope, 60)}”`))}, and the program asks for ${asked}. \`/license edit\` changes that.`
        : `the license is for another scope than the program asks for. ${askStaff}`;
    }
    case 'more-points': {
      const later = remedy.isRefilled ? ' They come back after a while.' : '';
      return `its validation points are used up.${later} ${isStaff ? '`/license edit` gives more.' : askStaff}`;
    }
    case 'own-hwid': {
      const sent = attempt.hwid === null ? 'a HWID' : `the HWID ${codeText(attempt.hwid, 60)}`;
      return isStaff
        ? `the program sends ${sent}, which any number of machines have. The program has to send the machine’s own, or \`hwid.placeholders\` has to accept it.`
        : `this machine does not tell an id of its own to the program. ${askStaff}`;
    }
    case 'client':
      return `${resultWords[attempt.result]}. ${isStaff ? 'The program has to be fixed.' : askStaff}`;
  }
}

function blacklistedAs({ entry }: Extract<Remedy, { type: 'unblacklist' }>): string {
  if (!entry) return '';
  const reason = entry.reason === null ? '' : `, reason: ${escapeText(entry.reason, 200)}`;
  return ` (${entry.type === 'key' ? 'its key' : entryName(entry)}${reason})`;
}
