import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { trial } from '../../../commands/trial.ts';
import { startBotWorld } from '../../support/bot-world.ts';
import { by, valueOf } from '../../support/open-services.ts';

describe('/trial', () => {
  let world: Awaited<ReturnType<typeof startBotWorld>>;
  beforeAll(async () => {
    world = await startBotWorld({ commands: [trial] });
  });
  afterAll(() => world.stop());

  test('gives a member the license that the product offers, once', async () => {
    const { services, storage, discord, guildId, channelId, buyerId } = world;
    await services.guilds.ensure({ id: guildId, name: 'Shop' });
    for (const terms of [{ name: 'Tried', trial: '12h' }, { name: 'Sold' }]) {
      valueOf(await services.products.create({ ...by(), guildId, ...terms }));
    }
    const buyer = discord.user(buyerId);
    const offered = await buyer.autocomplete(guildId, channelId, 'trial', 'product', { product: '' });
    expect(offered.choices?.map(({ name }) => name)).toEqual(['Tried']);
    const start = async (product: string) => (await buyer.command(guildId, channelId, 'trial', { product })).reply;

    const reply = await start('Tried');

    expect(reply?.ephemeral).toBe(true);
    expect(reply?.text).toContain('Your trial has begun');
    const [license, ...others] = await storage.licensesOf(buyerId);
    expect(others).toEqual([]);
    expect(license?.expiry).toEqual({ type: 'duration', start: 'creation', days: 0.5 });
    expect((await start('Tried'))?.text).toContain('there is one for each member');
    expect((await start('Sold'))?.text).toContain('There is no trial of “Sold”');
  });
});
