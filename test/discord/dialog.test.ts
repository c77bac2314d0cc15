import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SlashCommandBuilder } from 'discord.js';
import { z } from 'zod';
import type { SlashCommand } from '../../src/discord/framework/command.ts';
import { createDialog, type Dialog } from '../../src/discord/framework/dialog.ts';
import { savedStateNote } from '../../src/domain/notes.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

interface Order {
  readonly item: string;
  readonly amount: number;
  readonly isGift?: boolean | undefined;
}

const placed: (readonly [order: Order, typed: string | null])[] = [];

const dialog: Dialog<Order> = createDialog({
  handler: 'order-go',
  input: z.object({ item: z.string(), amount: z.number(), isGift: z.boolean().optional() }),
  question: (_context, { amount }) => {
    if (amount > 99) return 'Too many.';
    return amount > 1 ? { title: 'So many?', lines: [`${amount} of them`], label: 'Order' } : null;
  },
  retype: {
    title: 'The code once more',
    field: { id: 'code', label: 'Code' },
    isNeeded: ({ item }) => item === 'guarded',
  },
  run: (context, order, typed) => {
    if (order.item === 'present' && order.isGift !== true) {
      return dialog.ask(context, { ...order, isGift: true }, { title: 'A gift?', lines: [], label: 'Wrap it' });
    }
    placed.push([order, typed]);
    return Promise.resolve('Ordered.');
  },
});

const order: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('order')
    .setDescription('Orders something')
    .addStringOption((option) => option.setName('item').setDescription('What').setRequired(true))
    .addIntegerOption((option) => option.setName('amount').setDescription('How many').setRequired(true)),
  access: 'member',
  reply: 'private',
  run: (context) => {
    const { options } = context;
    return dialog.start(context, { item: options.text('item') ?? '', amount: options.number('amount') ?? 0 }, 'first');
  },
  components: dialog.components,
};

describe('a dialog', () => {
  let world: BotWorld;
  beforeAll(async () => {
    world = await startBotWorld({ commands: [order] });
  });
  beforeEach(() => {
    placed.length = 0;
  });
  afterAll(() => world.stop());

  const me = () => world.discord.user(world.managerId);
  const ask = (item: string, amount: number) => me().command(world.guildId, world.channelId, 'order', { item, amount });
  const slots = ['0', '1', '2', '3', '4', '5', '6', '7'];
  /** Rewrites what is saved, as another version of the program or a hand in the store would. */
  async function rewriteSaved(rewrite: (saved: string) => string): Promise<void> {
    for (const slot of slots) {
      const name = savedStateNote(world.managerId, slot);
      const saved = await world.storage.note(name);
      if (saved !== null) await world.storage.setNote(name, rewrite(saved), null);
    }
  }

  test('runs at once where nothing has to be asked, and says why it cannot run', async () => {
    expect((await ask('lamp', 1)).reply?.text).toBe('Ordered.');
    expect((await ask('lamp', 100)).reply?.text).toBe('Too many.');
    expect(placed).toEqual([[{ item: 'lamp', amount: 1 }, 'first']]);
  });

  test('goes on with the same input after a yes, also in another process', async () => {
    const asked = await ask('lamp', 2);
    expect(asked.reply?.text).toContain('2 of them');
    await world.restart();
    const done = await me().click(asked.reply!, 'Order');
    expect(done.reply?.text).toBe('Ordered.');
    expect(placed).toEqual([[{ item: 'lamp', amount: 2 }, null]]);
  });

  test('may ask again while it runs', async () => {
    const asked = await ask('present', 3);
    const again = await me().click(asked.reply!, 'Order');
    expect(placed).toEqual([]);
    await me().click(again.reply!, 'Wrap it');
    expect(placed).toEqual([[{ item: 'present', amount: 3, isGift: true }, null]]);
  });

  test('asks for what was not saved, and only where that is needed', async () => {
    const asked = await ask('guarded', 2);
    const opened = await me().click(asked.reply!, 'Order');
    const done = await me().submitModal(opened.modal!, { Code: ' 1234 ' });
    expect(done.reply?.text).toBe('Ordered.');
    expect(placed).toEqual([[{ item: 'guarded', amount: 2 }, '1234']]);
  });

  test('is over after 15 minutes', async () => {
    const asked = await ask('lamp', 2);
    world.advance(15 * 60_000);
    const late = await me().click(asked.reply!, 'Order');
    expect(late.reply?.text).toContain('Run the command again.');
    expect(placed).toEqual([]);
  });

  test.each<readonly [how: string, rewrite: (saved: string) => string]>([
    ['lacks a field', (saved) => saved.replace('"amount"', '"count"')],
    ['has a field of another type', (saved) => saved.replace('"amount":2', '"amount":"2"')],
    ['is no object', (saved) => saved.replace(/"state":.*/, '"state":7}')],
    ['is no saved state', () => '{}'],
    ['is no JSON', () => 'order'],
  ])('says that the question is too old where what was saved %s', async (_how, rewrite) => {
    const asked = await ask('lamp', 2);
    await rewriteSaved(rewrite);
    const pressed = await me().click(asked.reply!, 'Order');
    expect(pressed.reply?.text).toBe('This question is too old. Run the command again.');
    expect(placed).toEqual([]);
  });

  test('says that the question is too old where newer ones took all its room', async () => {
    const asked = await ask('lamp', 2);
    for (const amount of [3, 4, 5, 6, 7, 8, 9, 10]) {
      world.advance(1000);
      await ask('lamp', amount);
    }
    const pressed = await me().click(asked.reply!, 'Order');
    expect(pressed.reply?.text).toBe('This question is too old. Run the command again.');
  });
});
