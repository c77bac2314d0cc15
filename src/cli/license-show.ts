import { commandLine } from '../domain/actor.ts';
import { parseSnowflake } from '../domain/ids.ts';
import { maskKey } from '../domain/key-format.ts';
import { licenseStates, type LicenseState } from '../domain/license.ts';
import type { LicenseRow } from '../services/licenses/license-view.ts';
import type { ListItem } from './framework/output.ts';
import type { Call, CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { expiryText, findLicense, licenseCard, licenseJson } from './license-row.ts';

const pageSize = 1000;

export const showCommand: CliCommand = {
  usage: 'license show <key>',
  describes: 'everything about a license, its whole key too (which the audit log notes)',
  notes: '<key> is a key or an id: digits only are an id, key:TEXT is always a key.',
  run: async (call) => {
    const { id: licenseId, guildId } = await findLicense(call, call.argument(0));
    const { key } = unwrap(await call.services.licenses.reveal({ guildId, actor: commandLine, licenseId }));
    const view = unwrap(await call.services.licenses.view(guildId, licenseId));
    return { json: { license: licenseJson(view, key) }, text: licenseCard(view, key) };
  },
};

export const listCommand: CliCommand = {
  usage: 'license list',
  describes: 'all licenses, newest first; deleted ones only with --state deleted',
  options: [
    { flags: '--product <name>', describes: 'of this product' },
    { flags: '--owner <discord-id>', describes: 'of this user' },
    { flags: '--state <state>', describes: 'in this state', choices: licenseStates },
  ],
  run: async (call) => {
    const guildId = (await call.guild()).id;
    const product = call.text('product');
    const ownerId = ownerOf(call);
    const state = call.text('state') as LicenseState | undefined;
    const query = {
      ...(product === undefined ? {} : { productId: unwrap(await call.services.products.find(guildId, product)).id }),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(state === undefined ? {} : { state }),
    };
    const columns = ['ID', 'KEY', 'PRODUCT', 'STATE', 'OWNER', 'EXPIRES', 'NAME'];
    const pages = pagesOf(call, guildId, query);
    return { name: 'licenses', heading: null, columns, pages, none: 'There are no such licenses.' };
  },
};

function ownerOf(call: Call): string | undefined {
  const text = call.text('owner');
  if (text === undefined) return undefined;
  return parseSnowflake(text) ?? unwrap({ ok: false, error: { code: 'invalid-id', what: 'user' } });
}

async function* pagesOf(
  { services }: Call,
  guildId: string,
  query: Parameters<typeof services.licenses.list>[1],
): AsyncGenerator<readonly ListItem[]> {
  let beforeId: number | null = null;
  for (;;) {
    const rows: readonly LicenseRow[] = await services.licenses.list(guildId, query, { limit: pageSize, beforeId });
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(itemOf);
    // A page may be short and not the last one: licenses of purged products are left out of it.
    beforeId = last.license.id;
  }
}

function itemOf(row: LicenseRow): ListItem {
  const { license, product, state } = row;
  const cells = [
    String(license.id),
    maskKey(license.keySuffix),
    product.name,
    state,
    license.ownerId ?? '-',
    expiryText(license),
    license.name ?? '',
  ];
  return { json: licenseJson(row, null), cells };
}
