import type { CliCommand } from './framework/command.ts';
import type { ListItem } from './framework/output.ts';
import { commandLine } from '../domain/actor.ts';
import type { Issued } from '../services/licenses/license-service.ts';
import type { Settings } from '../domain/settings.ts';
import { rowOf } from '../services/licenses/show-license.ts';
import { unwrap } from './framework/errors.ts';
import { licenseFieldOptions, silentOption } from './license-options.ts';
import { expiryText, licenseJson } from './license-row.ts';
import { forgetOf, limitsOf, pointsOf, textOrNone, wholeNumber } from './limit-options.ts';
import { counted } from './framework/format.ts';

const maxLicenses = 100_000;
const pageSize = 1000;

export const issueCommand: CliCommand = {
  usage: 'license issue',
  describes: 'make licenses and print their keys',
  options: [
    { flags: '--product <name>', describes: 'may be left out where there is one' },
    { flags: '--owner <discord-id>', describes: 'left out: whoever redeems it' },
    { flags: '--amount <n>', describes: `1 to ${maxLicenses}`, parse: wholeNumber(1, maxLicenses) },
    { flags: '--key <key>', describes: 'bring its key along' },
    ...licenseFieldOptions,
    { flags: '--staff', describes: 'passes every product and version of the guild' },
    silentOption,
    { flags: '--yes', describes: 'also where the order has a license of this product already' },
  ],
  run: async (call) => {
    const guildId = (await call.guild()).id;
    const issued = unwrap(
      await call.services.licenses.issue({
        guildId,
        actor: commandLine,
        mayManage: true,
        product: call.text('product') ?? null,
        amount: call.number('amount'),
        key: call.text('key'),
        ownerId: textOrNone(call.text('owner')),
        expires: call.text('expires'),
        limits: limitsOf(call),
        forgetAfter: forgetOf(call),
        scope: textOrNone(call.text('scope')),
        points: pointsOf(call),
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
    if (cutShort !== undefined) call.say(`Not all were made; those that were are printed. ${cutShort}`);
    const [first] = issued.issued;
    const made = `${counted(issued.issued.length, 'license')} of ${issued.product.name}`;
    const heading = `${made}${first ? `, expires: ${expiryText(first.license)}` : ''}`;
    const pages = pagesOf(issued, settings, call.context.now());
    const exitCode = cutShort === undefined ? 0 : 1;
    return { name: 'licenses', heading, columns: null, pages, none: 'No license was made.', exitCode };
  },
};

function* pagesOf({ issued, product }: Issued, settings: Settings, now: Date): Generator<readonly ListItem[]> {
  for (let start = 0; start < issued.length; start += pageSize) {
    yield issued.slice(start, start + pageSize).map(({ license, key }) => ({
      json: licenseJson(rowOf(license, product, settings, now), key),
      cells: [key],
    }));
  }
}
