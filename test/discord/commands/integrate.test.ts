import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { integrate } from '../../../commands/integrate.ts';
import { languageNames, systemNames } from '../../../src/integration/offers.ts';
import { publicKeyForms } from '../../../src/domain/values/public-key.ts';
import { commandLine } from '../../../src/domain/actor.ts';
import { type BotWorld, startBotWorld } from '../../support/bot-world.ts';
import { valueOf } from '../../support/open-services.ts';

const otherGuildId = '200000000000000001';

describe('/integrate', () => {
  let world: BotWorld;
  let productId: number;
  beforeAll(async () => {
    world = await startBotWorld({ commands: [integrate] });
    const { services, guildId } = world;
    await services.guilds.ensure({ id: guildId, name: 'Shop' });
    await services.guilds.ensure({ id: otherGuildId, name: 'Other' });
    const by = { guildId, actor: commandLine };
    productId = valueOf(await services.products.create({ ...by, name: 'My *Plugin*', version: '2.0' })).product.id;
    await services.products.create({ guildId: otherGuildId, actor: commandLine, name: 'Foreign' });
  });
  afterAll(() => world.stop());

  const ask = (userId: string, options: Readonly<Record<string, string>>) =>
    world.discord.user(userId).command(world.guildId, world.channelId, 'integrate', options);

  test('answers the one who asked with the code as a file, its top, and the public key in each form', async () => {
    const { reply } = await ask(world.staffId, { language: 'javascript' });
    const guild = valueOf(await world.services.guilds.find(world.guildId));
    const product = valueOf(await world.services.products.find(world.guildId, null));
    expect(reply?.ephemeral).toBe(true);
    expect(reply?.content).toBe(
      [
        '**JavaScript for My \\*Plugin\\***, over Lukittu’s protocol. `license-check.mjs` begins with:',
        '```js',
        'const SERVER = "http://127.0.0.1:3000";',
        `const TEAM = "${guild.teamId}";`,
        `const PRODUCT = "${product.uuid}";`,
        '```',
        'Try it: `LICENSE_KEY=the-key node license-check.mjs`',
        'It waits 5 s, tries 3 times, and runs on for 24 h after a success while the server cannot be asked. A refusal always counts.',
        '⚠️ Programs elsewhere cannot reach http://127.0.0.1:3000: set http.publicUrl, then make this again.',
        '-# The other files are this server’s public key: as PEM, on one line, and as base64 of the PEM.',
      ].join('\n'),
    );
    const { pem, oneLine, base64 } = publicKeyForms(guild.publicKey);
    const names = ['license-check.mjs', 'public-key.pem', 'public-key-one-line.txt', 'public-key-base64.txt'];
    expect(reply?.files.map(({ name }) => name)).toEqual(names);
    expect(reply?.files.slice(1).map(({ text }) => text)).toEqual([`${pem}\n`, oneLine, base64]);
    expect(reply?.files[0]?.text).toContain('challengeResponse');
  });

  test('says of another system what it lacks, and where the API key comes from', async () => {
    const options = { language: 'lua', system: 'tki', product: String(productId) };
    const { reply } = await ask(world.staffId, options);
    expect(reply?.content).toContain(
      [
        '**Lua for My \\*Plugin\\***, over TKI Auth’s protocol. `license-check.lua` begins with:',
        '```lua',
        'local SERVER = "http://127.0.0.1:3000"',
        '-- `/apikey create` or `latchkey apikey create` makes one with the scope auth. Its secret is shown once.',
        'local API_KEY = "PUT-YOUR-API-KEY-HERE"',
        'local PRODUCT = "My *Plugin*"',
        'local VERSION = "2.0"',
        '```',
      ].join('\n'),
    );
    expect(reply?.content).toContain('⚠️ The API key is yours to fill in: it is shown once, when it is made.');
    expect(reply?.content).toContain('⚠️ Answers of this system are not signed');
    expect(reply?.content).toContain('⚠️ The version is the product’s current one');
  });

  test('every language and system fits into a message', async () => {
    for (const language of languageNames) {
      for (const system of systemNames) {
        const { reply } = await ask(world.staffId, { language, system });
        expect([language, system, reply?.files.length]).toEqual([language, system, 4]);
        expect(reply?.content).toContain('-# The other files');
      }
    }
  });

  test('products complete by name, and those of another guild are neither completed nor found', async () => {
    const { staffId, buyerId, guildId, channelId } = world;
    const choices = async (userId: string, typed: string) =>
      (await world.discord.user(userId).autocomplete(guildId, channelId, 'integrate', 'product', { product: typed }))
        .choices;
    expect(await choices(staffId, 'plug')).toEqual([{ name: 'My *Plugin*', value: String(productId) }]);
    expect(await choices(staffId, 'foreign')).toEqual([]);
    const foreign = valueOf(await world.services.products.find(otherGuildId, null));
    const { reply } = await ask(staffId, { language: 'java', product: String(foreign.id) });
    expect(reply?.content).toContain('There is no product');
    expect(reply?.files).toEqual([]);
    expect(world.discord.user(buyerId).commands(guildId, channelId)).not.toContain('integrate');
  });

  test('who may not look after products gets one sentence and no file', async () => {
    const by = { guildId: world.guildId, actor: commandLine };
    valueOf(await world.services.settings.set({ ...by, key: 'roles.product', value: 'manage-server' }));
    const { reply } = await ask(world.staffId, { language: 'java' });
    expect(reply?.text).toContain('Manage Server');
    expect(reply?.files).toEqual([]);
    valueOf(await world.services.settings.set({ ...by, key: 'roles.product', value: 'unset' }));
  });
});
