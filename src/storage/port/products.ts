import type { Product } from '../../domain/product.ts';
import type { Changed, Recorded, Trail } from './trail.ts';

export type NewProduct = Omit<Product, 'id' | 'uuid' | 'guildId' | 'createdAt' | 'deletedAt' | 'aliases'> & {
  /** null: the next free number. */
  readonly id: number | null;
  /** null: a new one. */
  readonly uuid: string | null;
};

export type ProductTaken = 'id' | 'uuid' | 'name';

export interface Products {
  /** Refuses a taken id or UUID (anywhere) or name (in the guild, aliases and deleted products included). */
  createProduct(
    guildId: string,
    product: NewProduct,
    trail: (made: Product) => Trail,
  ): Promise<({ readonly product: Product } & Recorded) | { readonly taken: ProductTaken }>;
  /**
   * Edits, deletes (`deletedAt`) and restores a product, releases included. Its licenses are deleted and restored with it without being
   * touched. Deleted products are found here. null: no such product in this guild.
   */
  changeProduct<R>(
    guildId: string,
    productId: number,
    change: (current: Product) => Changed<Product, R>,
  ): Promise<(R & Recorded) | { readonly taken: ProductTaken } | null>;
  /** Products deleted and not yet purged. */
  deletedProducts(guildId: string): Promise<readonly Product[]>;
  /** Licenses of a product, deleted ones not counted, and the distinct owners among them. */
  countLicenses(guildId: string, productId: number): Promise<{ readonly licenses: number; readonly owners: number }>;
}
