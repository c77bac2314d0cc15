import { expect, test } from '@jest/globals';
import type { GuildContext } from '../../../src/discord/framework/command-context.ts';
import { productChoices } from '../../../src/discord/options/product-option.ts';
import { createServices } from '../../../src/services/services.ts';
import { by, useServices } from '../../support/open-services.ts';

const open = useServices();

test('products complete by any part of their names without counting licenses, of which there may be millions', async () => {
  const { services, storage, clock, random, product } = await open();
  await services.products.create({ ...by(), name: 'Panel' });
  const countLicenses = () => Promise.reject(new Error('licenses are counted'));
  const publicUrl = () => 'http://127.0.0.1:3000';
  const counting = { storage: { ...storage, countLicenses }, clock: clock.now, randomBytes: random, publicUrl };
  const context = { guildId: 'g1', services: createServices(counting) } as unknown as GuildContext;

  expect((await productChoices(context, '')).map(({ name }) => name)).toEqual(['Panel', 'Vault']);
  expect(await productChoices(context, 'AUL')).toEqual([{ name: 'Vault', value: String(product.id) }]);
});
