import { expect } from '@jest/globals';
import { valueOf } from '../../support/open-services.ts';
import { type Attacks, eachTyped, g1, onProduct, product, release } from './row.ts';

/** Attacks on products and on what is made of them. */
export const productAttacks: Attacks = {
  'integrations.make': eachTyped(({ integrations }, text) =>
    integrations.make({ guildId: 'g1', product: text, language: 'python', system: null }),
  ),
  'products.find': eachTyped(({ products }, text) => products.find('g1', text)),
  'products.findDeleted': eachTyped(({ products }, text) => products.findDeleted('g1', text)),
  'products.list': { tries: [({ services }) => services.products.list('g1')] },
  'products.info': onProduct((products, world) => products.info('g1', world.product.id)),
  'products.ensure': {
    tries: [
      async ({ services, product: { id, name } }) => {
        const made = valueOf(await services.products.ensure({ ...g1, name }));
        expect(made).toMatchObject({ guildId: 'g1' });
        expect(made.id).not.toBe(id);
      },
    ],
  },
  'products.create': {
    refused: 'product-id-taken',
    tries: [({ services, product: { id } }) => services.products.create({ ...g1, name: 'Mine', id })],
  },
  'products.edit': onProduct((products, world) => products.edit({ ...product(world), name: 'Mine' })),
  'products.delete': onProduct((products, world) => products.delete({ ...product(world), name: world.product.name })),
  'products.restore': onProduct((products, world) => products.restore(product(world))),
  'products.setVersion': onProduct((products, world) => products.setVersion({ ...product(world), version: '9' })),
  'products.previewVersion': onProduct((products, world) =>
    products.previewVersion('g1', { productId: world.product.id, version: '9', versionPolicy: 'exact' }),
  ),
  'products.addRelease': onProduct((products, world) =>
    products.addRelease({ ...release(world), status: 'published' }),
  ),
  'products.markLatest': onProduct((products, world) => products.markLatest({ ...release(world), version: '1' })),
  'products.archiveRelease': onProduct((products, world) =>
    products.archiveRelease({ ...release(world), version: '1' }),
  ),
};
