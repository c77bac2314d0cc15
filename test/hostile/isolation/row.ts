import type { CommandErrorCode } from '../../../src/domain/command-error.ts';
import type { Services } from '../../../src/services/services.ts';
import { alice, bob, by } from '../../support/open-services.ts';
import { mark, type World } from './two-guilds.ts';

type Cell = (world: World) => Promise<unknown>;
export interface Row {
  /** What a member of guild `g1` tries with things of `g2`. */
  readonly tries: readonly Cell[];
  /** How each is refused; left out: it answers something, in which nothing of the other guild is. */
  readonly refused?: CommandErrorCode;
}

export const g1 = by('g1');
export const license = ({ foreign }: World) => ({ ...g1, licenseId: foreign.license.id });
const deletedLicense = ({ deleted }: World) => ({ ...g1, licenseId: deleted.license.id });
export const product = (world: World) => ({ ...g1, productId: world.product.id });
export const release = (world: World) => ({ ...product(world), version: '2', branch: null });
/** The license of guild `g2`, as a buyer of guild `g1` names it. */
export const theirs = ({ foreign }: World) => ({ userId: alice, licenseId: foreign.license.id });
export const notFound = 'license-not-found';
export const noProduct = 'product-not-found';

export const onLicense = (
  act: (services: Services['licenses'], target: ReturnType<typeof license>) => Promise<unknown>,
): Row => ({
  refused: notFound,
  tries: [
    (world) => act(world.services.licenses, license(world)),
    (world) => act(world.services.licenses, deletedLicense(world)),
  ],
});
export const onProduct = (act: (services: Services['products'], world: World) => Promise<unknown>): Row => ({
  refused: noProduct,
  tries: [
    (world) => act(world.services.products, world),
    (world) => act(world.services.products, { ...world, product: world.gone }),
  ],
});
/** Typed texts that could mean something of the other guild. */
const typed = ({ foreign, unclaimed, deleted, product: { id, uuid, name }, gone }: World): readonly string[] => [
  ...[foreign, unclaimed, deleted].flatMap(({ key, license: own }) => [
    key,
    `key:${key}`,
    String(own.id),
    own.keySuffix,
  ]),
  ...[
    'other:of-them',
    'buyer@shop.example',
    mark,
    bob,
    `<@${bob}>`,
    `hwid-${mark}`,
    String(id),
    uuid,
    name,
    gone.uuid,
    gone.name,
  ],
];
/** A refusal may repeat what was typed, and nothing else. */
export const eachTyped = (act: (services: Services, text: string) => Promise<unknown>): Row => ({
  tries: [
    async (world) => {
      const answers: string[] = [];
      for (const text of typed(world)) {
        answers.push(JSON.stringify(await act(world.services, text)).replaceAll(JSON.stringify(text), 'typed'));
      }
      return answers;
    },
  ],
});

/** The rows of some use cases, by name; those that are of no guild say why. */
export type Attacks = Readonly<Record<string, Row | { readonly ofNoGuild: string }>>;
