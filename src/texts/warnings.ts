import { count } from './count.ts';
import type { Warning } from '../domain/warning.ts';

const kindNames = { ip: 'IPs', hwid: 'HWIDs', mac: 'MAC addresses' };

/** One sentence about a change that was made all the same. */
export function describeWarning(warning: Warning): string {
  switch (warning.code) {
    case 'zero-limit':
      return `A limit of 0 ${kindNames[warning.kind]} lets nobody in, not even what is bound already.`;
    case 'guessable-keys':
      return `Keys of this format hold only ${count(warning.bits, 'bit')} of chance and can be guessed; ${warning.safeBits} or more are safe.`;
    case 'hwids-unlimited':
      return 'HWIDs are unlimited in this server (limits.hwid). Addresses follow them only where a product or license limits HWIDs.';
    case 'guessable-secret':
      return `The secret has fewer than ${warning.safeLength} characters and can be guessed; a longer one is safer.`;
  }
}
