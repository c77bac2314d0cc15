import type { BindingKind } from '../../domain/limits.ts';
import type { Issued } from '../../services/licenses/license-service.ts';
import { describeProducts } from '../../texts/product-names.ts';
import { describeExpiry } from './direct-message.ts';
import type { Card } from '../framework/embed.ts';
import { codeText, escapeText } from './escape-text.ts';
import { describeOwner, licenseName } from './licenses.ts';
import { kindWords } from './machines.ts';
import { count, listWords } from './phrases.ts';

const maxNamed = 10;

/** The issued licenses, without their keys. */
export function describeIssued({ issued, ...products }: Issued, silent: boolean): Card {
  const [first] = issued;
  if (!first) throw new Error('Nothing was issued.');
  const { license } = first;
  const { product } = products;
  const named = issued.slice(0, maxNamed).map((one) => licenseName({ license: one.license, product }));
  const more = issued.length > maxNamed ? [`… and ${issued.length - maxNamed} more`] : [];
  return {
    title: `${count(issued.length, 'license')} issued`,
    lines: [...named, ...more, '', whereKeysAre(issued, silent)],
    fields: [
      ['Product', describeProducts({ ...products, license }, (name) => escapeText(name, 60))],
      ['Owner', describeOwner(license)],
      ['Valid until', describeExpiry(license)],
      ['Order', license.order === null ? '' : codeText(license.order)],
      ['Staff license', license.staff ? 'yes: it passes the checks of every product' : ''],
    ],
  };
}

function whereKeysAre(issued: Issued['issued'], silent: boolean): string {
  const isOne = issued.length === 1;
  const owner = issued[0]?.license.ownerId ?? null;
  if (owner !== null && !silent)
    return `Only its owner gets the ${isOne ? 'key' : 'keys'}: by DM, and with \`/mylicenses\`.`;
  const where = isOne ? 'The next message is the key; the file has it, too.' : 'The file has the keys.';
  if (owner !== null) return `${where} The owner was not notified.`;
  return `${where} The first user who enters ${isOne ? 'it' : 'one'} in \`/redeem\` owns it.`;
}

/** Warns about a limit of 0 before it is set. */
export function describeLockedOut(kinds: readonly BindingKind[]): readonly string[] {
  const names = listWords(kinds.map((kind) => kindWords[kind].many));
  return [
    `A limit of 0 ${names} lets nobody in, not even what is bound already.`,
    'For no limit at all, cancel and write `unlimited`.',
  ];
}
