import type { Product } from '../../domain/product.ts';
import type { Changed, Recorded, Trail } from './trail.ts';

export type NewProduct = Omit<
  Product,
  'id' | 'uuid' | 'guildId' | 'createdAt' | 'updatedAt' | 'revision' | 'deletedAt' | 'aliases'
> & {
  /** null: the store takes the next free number. */
  readonly id: number | null;
  /** null: the store makes a random one. */
  readonly uuid: string | null;
};

/** The field whose value another product has. */
export type ProductTaken = 'id' | 'uuid' | 'name';

/** How many licenses a product has, deleted ones not counted. */
export interface ProductLicenses {
  /** Licenses whose main product it is. */
  readonly licenses: number;
  /** How many distinct owners those have. */
  readonly owners: number;
  /** Licenses of another main product that are for this one as well. */
  readonly further: number;
}

export interface Products {
  /**
   * Stores a product. `taken`: another product has the id or UUID (in any guild) or the name (in this guild, former
   * names and deleted products included), and nothing was stored.
   */
  createProduct(
    guildId: string,
    product: NewProduct,
    trail: (made: Product) => Trail,
  ): Promise<({ readonly product: Product } & Recorded) | { readonly taken: ProductTaken }>;
  /**
   * Reads a product, which may be deleted, calls `change` with the instant of the change and stores what it returns,
   * releases included, atomically.
   * Setting and clearing `deletedAt` deletes and restores the product, and with it all licenses whose main product it
   * is, without changing those. A changed name makes the name before an alias. null: the guild has no such product.
   */
  changeProduct<R>(
    guildId: string,
    productId: number,
    change: (current: Product, now: Date) => Changed<Product, R>,
  ): Promise<(R & Recorded) | { readonly taken: ProductTaken } | null>;
  /** The guild's products that are deleted and not purged yet. */
  deletedProducts(guildId: string): Promise<readonly Product[]>;
  /** Counts the licenses of a product. */
  countLicenses(guildId: string, productId: number): Promise<ProductLicenses>;
}
