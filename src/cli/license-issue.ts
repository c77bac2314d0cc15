import { parseExpiry } from '../domain/expiry.ts';
import type { CliCommand, StoreCall } from './framework/command.ts';
import type { ListItem } from './framework/output.ts';
import { commandLine } from '../domain/actor.ts';
import type { Issued } from '../services/licenses/license-service.ts';
import type { Settings } from '../domain/settings/settings.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { unwrap, UsageError } from './framework/errors.ts';
import { licenseFieldOptions, reasonOption, silentOption } from './license-options.ts';
import { newOwnerFrom } from './new-owner.ts';
import { describeProducts } from '../texts/product-names.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { expiryText, warnOfDenyingEntries } from './license-row.ts';
import { dataOptions, readDataOptions } from './data-options.ts';
import { readForgetAfter, readLimits, readPoints } from './limit-options.ts';
import { parseClearable, parseWholeNumber, repeated } from './framework/option-parsers.ts';
import { counted } from './framework/format.ts';

/** `off` is the owner's own switch. */
const initialStates = ['active', 'suspended', 'off'] as const;
const maxLicenses = 100_000;
const pageSize = 1000;

export const issueLicenseCommand: CliCommand = {
  usage: 'license issue',
  description: 'issue licenses and print their keys',
  options: [
    repeated('--product <name>', 'the product; needed only where there are several; more of them: further products'),
    { flags: '--all-products', description: 'let it be for every product of the guild, also those to come' },
    { flags: '--owner <discord-id>', description: 'the owner; default: the user who redeems the key' },
    {
      flags: '--customer <who>',
      description: 'the customer, who may have no Discord user yet: as “customer show” takes it',
    },
    {
      flags: '--amount <n>',
      description: `how many: 1 to ${maxLicenses}; default: 1`,
      parse: parseWholeNumber(1, maxLicenses),
    },
    { flags: '--key <key>', description: 'use this key instead of a generated one' },
    ...licenseFieldOptions,
    ...dataOptions,
    { flags: '--state <state>', description: `its state from the start: ${initialStates.join(', ')}; default: active` },
    { flags: '--allow-past', description: 'accept an end that has passed, for licenses of another system' },
    reasonOption,
    { flags: '--staff', description: 'let it pass for every product and version of the guild' },
    silentOption,
    { flags: '--yes', description: 'issue although the order has a license already, or the owner’s id ends in 000' },
  ],
  notes:
    '“none” as owner, name, note or order stands for none, so that the columns of a file can be passed on as they are.',
  run: async (call) => {
    const guildId = (await call.findGuild()).id;
    const state = readState(call.text('state'));
    const ownerId = await newOwnerFrom(call);
    const [product = null, ...furtherProducts] = (call.parsed('product') ?? []) as readonly string[];
    const customerId = await findCustomerId(call, guildId, ownerId);
    const issued = unwrap(
      await call.services.licenses.issue({
        guildId,
        actor: commandLine,
        mayManage: true,
        product,
        furtherProducts,
        allProducts: call.flag('allProducts'),
        amount: call.number('amount'),
        key: call.text('key'),
        ownerId,
        customerId,
        expires: readExpires(call),
        limits: readLimits(call),
        forgetAfter: readForgetAfter(call),
        scope: parseClearable(call.text('scope')),
        points: readPoints(call),
        ...readDataOptions(call),
        staff: call.flag('staff'),
        name: parseClearable(call.text('name')),
        note: parseClearable(call.text('note')),
        order: parseClearable(call.text('order')),
        suspended: state === 'suspended',
        switchedOff: state === 'off',
        reason: call.text('reason'),
        silent: call.flag('silent'),
        confirmed: call.flag('yes'),
      }),
    );
    const settings = unwrap(await call.services.settings.view(guildId));
    const { cutShort } = issued;
    if (cutShort !== undefined) call.warn(`Not all licenses were issued; the issued ones are printed. ${cutShort}`);
    const [first] = issued.issued;
    if (first) await warnOfDenyingEntries(call, first.license);
    const products = first ? describeProducts({ ...issued, license: first.license }) : issued.product.name;
    const amount = `${counted(issued.issued.length, 'license')} of ${products}`;
    const heading = `${amount}${first ? `, expires: ${expiryText(first.license)}` : ''}`;
    const pages = toPages(issued, settings, call.context.now());
    const exitCode = cutShort === undefined ? 0 : 1;
    return { name: 'licenses', heading, columns: null, pages, emptyText: 'No license was issued.', exitCode };
  },
};

/** The record that `--customer` names. An owner in Discord has a record of their own. */
async function findCustomerId(
  call: StoreCall,
  guildId: string,
  ownerId: string | null | undefined,
): Promise<number | undefined> {
  const who = parseClearable(call.text('customer'));
  if (who === undefined || who === null) return undefined;
  if (ownerId) throw new UsageError('Give --owner or --customer, not both.');
  return unwrap(await call.services.customers.resolve(guildId, who)).id;
}

function* toPages({ issued, ...products }: Issued, settings: Settings, now: Date): Generator<readonly ListItem[]> {
  for (let start = 0; start < issued.length; start += pageSize) {
    yield issued.slice(start, start + pageSize).map(({ license, key }) => ({
      json: licenseJson(rowOf({ ...products, license }, settings, now), key),
      cells: [key],
    }));
  }
}

function readState(text = 'active'): (typeof initialStates)[number] {
  const state = initialStates.find((name) => name === text.trim().toLowerCase());
  if (state === undefined) throw new UsageError(`--state must be one of ${initialStates.join(', ')}.`);
  return state;
}

/** The typed end; with `--allow-past` a date that has passed, which as a text would be an error. */
function readExpires(call: StoreCall): string | Date | undefined {
  const text = call.text('expires');
  if (text === undefined || call.flag('allowPast') !== true) return text;
  const parsed = parseExpiry(text, call.context.now());
  if (parsed.ok || parsed.error.code !== 'in-the-past') return text;
  const past = parseExpiry(text, new Date(0));
  return past.ok && past.value.expiresAt ? past.value.expiresAt : text;
}
