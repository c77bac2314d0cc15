import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commands } from '../../commands/index.ts';
import type { VisibleMessage } from '../../playground/discord/control/visible-message.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { deny } from '../support/grants.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';
import { hostileText, liveMarks, stringsIn } from '../support/hostile-text.ts';
import { valueOf } from '../support/open-services.ts';
import { newGuild, noTrail } from '../support/storage-fixtures.ts';
import { type Ids, optionsFor, optionsOf, tasks } from './every-command.ts';

/** Where a name has at most 100 characters. */
const name = 'x](https://evil.example) **loud** `c` ||hid|| ~~s~~ <@1> @everyone [y](https://evil.example)';
/** Versions and branches have no blanks; branches have no marks either. */
const version = '1](https://evil.example)**loud**`c`';

let world: BotWorld;
let ids: Ids;
beforeAll(async () => {
  world = await startBotWorld({ commands });
  const { services, storage, guildId, buyerId } = world;
  const by = { guildId, actor: commandLine };
  await storage.addGuild(newGuild(guildId, { name: hostileText }), noTrail);
  await storage.rememberUser({ id: buyerId, username: hostileText, discriminator: '0' });
  const made = await services.products.create({ ...by, name, version, description: hostileText });
  const { product } = valueOf(made);
  const input = { ...by, product: null, mayManage: true, silent: true, name, note: hostileText, order: name };
  const issued = valueOf(await services.licenses.issue({ ...input, scope: hostileText, ownerId: buyerId })).issued;
  const { license, key } = issued[0]!;
  const request = { guildReference: { by: 'team', teamId: `team-${guildId}` }, key, hwid: hostileText } as const;
  const client = { product: hostileText, version: hostileText, declaredIp: hostileText, userAgent: hostileText };
  await deny(storage, { ...request, ...client }, { result: 'product-mismatch', keySuffix: 'AB`C' });
  const { apiKey } = valueOf(await services.apiKeys.create({ ...by, name }));
  const reason = hostileText;
  const { entry } = valueOf(await services.blacklist.add({ ...by, type: 'hwid', value: hostileText, reason }));
  const who = valueOf(await services.customers.add({ ...by, username: hostileText.slice(0, 100), fullName: name }));
  const into = valueOf(await services.customers.add({ ...by, fullName: name }));
  ids = {
    ...{ who: `#${who.customer.id}`, from: `#${who.customer.id}`, into: `#${into.customer.id}` },
    license: String(license.id),
    product: String(product.id),
    apikey: String(apiKey.id),
    entry: `#${entry.id}`,
  };
});
afterAll(() => world.stop());

/** The texts in which Discord reads marks: all but the footers of embeds, and the labels of buttons and selects. */
function textsOf({ content, embeds }: VisibleMessage): readonly string[] {
  return [content, ...embeds.flatMap(({ footer: _, ...marked }) => stringsIn(marked))];
}

/** What Discord would act on in the answer to a command, and in those to everything that it offers to press. */
async function liveIn(command: string, options: Record<string, unknown>): Promise<readonly string[]> {
  const { discord, guildId, channelId, managerId } = world;
  const manager = discord.user(managerId);
  const said = [await manager.command(guildId, channelId, command, options as never)];
  for (const button of said[0]!.reply?.buttons ?? []) {
    const isPressed = button.customId !== undefined && !button.disabled;
    if (isPressed) said.push(await manager.click(said[0]!.reply!, button.customId, { forged: true }));
  }
  expect(said.map(({ error }) => error)).toEqual(said.map(() => undefined));
  return said
    .flatMap(({ reply, followUps }) => [reply, ...followUps])
    .flatMap((message) => (message === undefined ? [] : textsOf(message)))
    .filter((text) => liveMarks(text).length > 0);
}

// A deleted product and its licenses are no longer shown by the others.
const last = ['license delete', 'product delete', 'license restore', 'product restore'];
const ordered = tasks.map((task) => task.name).sort((a, b) => last.indexOf(a) - last.indexOf(b) || (a < b ? -1 : 1));

test.each(ordered)('/%s shows the names of others as they stand', async (command) => {
  expect(await liveIn(command, optionsFor(world, command, ids))).toEqual([]);
});

/** One command for each option that is completed while it is typed, since these may be names of what there is not. */
const typed = new Map(
  ordered.flatMap((command) =>
    (optionsOf.get(command) ?? []).flatMap(({ name: option, autocomplete }) =>
      autocomplete === true ? [[option, command] as const] : [],
    ),
  ),
);
test.each([...typed])('what was typed for %s stands in the answer to /%s as it is', async (option, command) => {
  expect(await liveIn(command, { ...optionsFor(world, command, ids), [option]: name.slice(0, 20) })).toEqual([]);
});
