import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { valueOf } from '../../support/open-services.ts';
import { type ManagerWorld, startManagerWorld } from '../../support/manager-world.ts';

const address = 'ana@example.com';

describe('/customer', () => {
  let world: ManagerWorld;
  let boughtId: number;
  let number = 0;
  beforeAll(async () => {
    world = await startManagerWorld();
    await world.services.products.create({ ...world.by, name: 'Vault' });
  });
  afterAll(() => world.stop());

  /** A customer of a shop, whose address no other one has. */
  async function buyer() {
    number += 1;
    const identity = `builtbybit:${number}`;
    const input = { ...world.by, email: `${number}${address}`, username: `ana ${number}`, addIdentities: [identity] };
    const { customer } = valueOf(await world.services.customers.add(input));
    const { license } = await world.issue();
    boughtId = license.id;
    await world.storage.changeLicense(world.guildId, { id: boughtId }, (current) => ({
      next: { ...current, customerId: customer.id },
      trail: { audit: [], effects: [] },
      result: {},
    }));
    return { customer, identity };
  }
  const ownerOfBought = async () => (await world.storage.license(world.guildId, { id: boughtId }))?.ownerId;

  test('show tells who it is and what they have, the address masked until it is asked for', async () => {
    const { customer, identity } = await buyer();
    const { reply } = await world.manager('customer show', { who: identity });
    expect(reply?.ephemeral).toBe(true);
    for (const part of [identity, `${customer.id}`, '…@example.com', 'not known', '1 license', '**Vault**']) {
      expect(reply?.text).toContain(part);
    }
    expect(reply?.text).not.toContain(address);
    const shown = await world.press(reply, 'Show e-mail address');
    expect(shown.reply?.content).toContain(`${number}${address}`);
    expect(shown.reply?.ephemeral).toBe(true);
    const [event] = await world.storage.audit(world.guildId, {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'customer.revealed', subject: `customer:${customer.id}` });
  });

  test('the options offer customers by name, and nobody’s address', async () => {
    const { customer } = await buyer();
    const { discord, guildId, channelId, managerId } = world;
    const typed = { who: `ana ${number}` };
    const { choices } = await discord.user(managerId).autocomplete(guildId, channelId, 'customer show', 'who', typed);
    expect(choices).toMatchObject([{ value: `#${customer.id}` }]);
    expect(JSON.stringify(choices)).not.toContain(address);
    const shown = await world.manager('customer show', { who: choices![0]!.value as string });
    expect(shown.reply?.text).toContain(`Customer ${customer.id}`);
  });

  test('list pages by name and shop', async () => {
    const { customer } = await buyer();
    const { reply } = await world.manager('customer list', { search: `ANA ${number}`, shop: 'builtbybit' });
    expect(reply?.text).toContain(`#${customer.id}`);
    const none = await world.manager('customer list', { search: 'nobody is called so' });
    expect(none.reply?.text).toContain('None.');
  });

  test('edit gives the licenses to a Discord user, and takes things away', async () => {
    const { customer, identity } = await buyer();
    const done = await world.manager('customer edit', { who: identity, user: world.buyerId, email: 'none' });
    expect(done.reply?.text).toContain(`<@${world.buyerId}>`);
    expect(await ownerOfBought()).toBe(world.buyerId);
    const changed = await world.storage.customer(world.guildId, { id: customer.id });
    expect(changed).toMatchObject({ discordId: world.buyerId, maskedEmail: null, username: `ana ${number}` });
    await world.manager('customer edit', { who: `#${customer.id}`, 'no-user': true });
    expect(await ownerOfBought()).toBeNull();
    const wrong = await world.manager('customer edit', { who: `#${customer.id}`, email: 'no address' });
    expect(wrong.reply?.text).toContain('name@example.com');
  });

  test('merge asks first and names what moves; its undo brings it back', async () => {
    const { customer } = await buyer();
    const { customer: other } = valueOf(
      await world.services.customers.add({ ...world.by, discordId: world.buyerId, username: 'other' }),
    );
    const asked = await world.manager('customer merge', { from: `#${customer.id}`, into: `#${other.id}` });
    expect(asked.reply?.text).toContain('1 license moves');
    expect(await ownerOfBought()).toBeNull();
    const done = await world.press(asked.reply, 'Merge them');
    expect(done.reply?.text).toContain('belongs to');
    expect(await ownerOfBought()).toBe(world.buyerId);
    const undone = await world.press(done.reply, 'Undo');
    expect(undone.reply?.text).toContain('again');
    expect(await ownerOfBought()).toBeNull();
    expect(await world.storage.customer(world.guildId, { id: customer.id })).toMatchObject({
      username: `ana ${number}`,
    });
    valueOf(await world.services.customers.edit({ ...world.by, customerId: other.id, discordId: null }));
  });

  test('somebody who may not see whole keys sees no address, and gets no licenses', async () => {
    const { customer } = await buyer();
    const { discord, guildId, channelId, staffId } = world;
    const staff = discord.user(staffId);
    const { reply } = await staff.command(guildId, channelId, 'customer show', { who: `#${customer.id}` });
    const shown = await staff.click(reply!, 'Show e-mail address');
    expect(shown.reply?.content).toContain('Manage Server');
    const taken = await staff.command(guildId, channelId, 'customer edit', { who: `#${customer.id}`, user: staffId });
    expect(taken.reply?.text).toContain('license.reveal');
    expect(await ownerOfBought()).toBeNull();
  });
});
