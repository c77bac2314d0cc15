import type { CliCommand } from './framework/command.ts';
import type { ListItem } from './framework/output.ts';
import { commandLine } from '../domain/actor.ts';
import type { Issued } from '../services/licenses/license-service.ts';
import type { Settings } from '../domain/settings/settings.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { unwrap } from './framework/errors.ts';
import { licenseFieldOptions, silentOption } from './license-options.ts';
import { newOwnerFrom } from './new-owner.ts';
import { licenseJson } from '../services/json/license-json.ts';
import { expiryText } from './license-row.ts';
import { readForgetAfter, readLimits, readPoints } from './limit-options.ts';
import { parseClearable, parseWholeNumber } from './framework/option-parsers.ts';
import { counted } from './framework/format.ts';

const maxLicenses = 100_000;
const pageSize = 1000;

export const issueLicenseCommand: CliCommand = {
  usage: 'license issue',
  description: 'issue licenses and print their keys',
  options: [
    { flags: '--product <name>', description: 'the product; needed only where there are several' },
    { flags: '--owner <discord-id>', description: 'the owner; default: the user who redeems the key' },
    {
      flags: '--amount <n>',
      description: `how many: 1 to ${maxLicenses}; default: 1`,
      parse: parseWholeNumber(1, maxLicenses),
    },
    { flags: '--key <key>', description: 'use this key instead of a generated one' },
    ...licenseFieldOptions,
    { flags: '--staff', description: 'let it pass for every product and version of the guild' },
    silentOption,
    { flags: '--yes', description: 'issue even if the order already has a license of this product' },
  ],
  run: async (call) => {
    const guildId = (await call.findGuild()).id;
    const ownerId = await newOwnerFrom(call);
    const issued = unwrap(
      await call.services.licenses.issue({
        guildId,
        actor: commandLine,
        mayManage: true,
        product: call.text('product') ?? null,
        amount: call.number('amount'),
        key: call.text('key'),
        ownerId,
        expires: call.text('expires'),
        limits: readLimits(call),
        forgetAfter: readForgetAfter(call),
        scope: parseClearable(call.text('scope')),
        points: readPoints(call),
        staff: call.flag('staff'),
        name: call.text('name'),
        note: call.text('note'),
        order: call.text('order'),
        silent: call.flag('silent'),
        confirmed: call.flag('yes'),
      }),
    );
    const settings = unwrap(await call.services.settings.view(guildId));
    const { cutShort } = issued;
    if (cutShort !== undefined) call.warn(`Not all licenses were issued; the issued ones are printed. ${cutShort}`);
    const [first] = issued.issued;
    const amount = `${counted(issued.issued.length, 'license')} of ${issued.product.name}`;
    const heading = `${amount}${first ? `, expires: ${expiryText(first.license)}` : ''}`;
    const pages = toPages(issued, settings, call.context.now());
    const exitCode = cutShort === undefined ? 0 : 1;
    return { name: 'licenses', heading, columns: null, pages, emptyText: 'No license was issued.', exitCode };
  },
};

function* toPages({ issued, product }: Issued, settings: Settings, now: Date): Generator<readonly ListItem[]> {
  for (let start = 0; start < issued.length; start += pageSize) {
    yield issued.slice(start, start + pageSize).map(({ license, key }) => ({
      json: licenseJson(rowOf(license, product, settings, now), key),
      cells: [key],
    }));
  }
}
