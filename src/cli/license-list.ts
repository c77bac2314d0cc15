import { parseSnowflake } from '../domain/values/ids.ts';
import { maskKey } from '../domain/values/key-format.ts';
import { type HoldKind, holdKinds } from '../domain/hold.ts';
import { type LicenseState, licenseStates } from '../domain/license.ts';
import type { LicenseRow } from '../services/licenses/license-view.ts';
import type { StoreCall, CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import type { ListItem } from './framework/output.ts';
import { describeProducts } from '../texts/product-names.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { expiryText } from './license-row.ts';

const pageSize = 1000;

export const listLicensesCommand: CliCommand = {
  usage: 'license list',
  description: 'list licenses, newest first; deleted ones only with --state deleted',
  options: [
    { flags: '--product <name>', description: 'only licenses that are for this product' },
    { flags: '--owner <discord-id>', description: 'only licenses of this user' },
    { flags: '--order <text>', description: 'only licenses of this order' },
    { flags: '--state <state>', description: 'only licenses in this state', choices: licenseStates },
    { flags: '--hold <kind>', description: 'only licenses that are suspended for this reason', choices: holdKinds },
  ],
  notes: 'Its JSON goes without lastActiveAt, which “license show” has: it is read for each license.',
  run: async (call) => {
    const guildId = (await call.findGuild()).id;
    const product = call.text('product');
    const ownerId = parseOwner(call);
    const order = call.text('order')?.trim();
    const hold = call.text('hold') as HoldKind | undefined;
    const state = call.text('state') as LicenseState | undefined;
    const query = {
      ...(product === undefined ? {} : { productId: unwrap(await call.services.products.find(guildId, product)).id }),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(order === undefined ? {} : { order }),
      ...(state === undefined ? {} : { state }),
      ...(hold === undefined ? {} : { hold }),
    };
    const columns = ['ID', 'KEY', 'PRODUCT', 'STATE', 'OWNER', 'EXPIRES', 'NAME'];
    const pages = readPages(call, guildId, query);
    return { name: 'licenses', heading: null, columns, pages, emptyText: 'No licenses match.' };
  },
};

function parseOwner(call: StoreCall): string | undefined {
  const text = call.text('owner');
  if (text === undefined) return undefined;
  return parseSnowflake(text) ?? unwrap({ ok: false, error: { code: 'invalid-id', what: 'user' } });
}

async function* readPages(
  { services }: StoreCall,
  guildId: string,
  query: Parameters<typeof services.licenses.list>[1],
): AsyncGenerator<readonly ListItem[]> {
  let beforeId: number | null = null;
  for (;;) {
    const rows: readonly LicenseRow[] = await services.licenses.list(guildId, query, { limit: pageSize, beforeId });
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(toItem);
    // A short page may not be the last one, because the service omits licenses of purged products after paging.
    beforeId = last.license.id;
  }
}

function toItem(row: LicenseRow): ListItem {
  const { license, state } = row;
  const cells = [
    String(license.id),
    maskKey(license.keySuffix),
    describeProducts(row),
    state,
    license.ownerId ?? '-',
    expiryText(license),
    license.name ?? '',
  ];
  return { json: licenseJson(row, null), cells };
}
