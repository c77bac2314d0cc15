import type { SqliteStore } from '../connection.ts';
import type { DeleteStep } from '../steps.ts';

/** The number in `license_products` of the licenses that are for every product. */
export const everyProduct = 0;

/** The condition of a license that is for every product of its guild, where `:product` is one of them. */
export const isForEvery = `(all_products = 1 AND EXISTS (SELECT 1 FROM products WHERE id = :product AND guild_id = :guild))`;

/** The condition of a license that is for the product `:product`: as its main one, a further one, or with all. */
export const isForProduct = `(product_id = :product OR ${isForEvery} OR EXISTS (
  SELECT 1 FROM license_products WHERE guild_id = :guild AND product_id = :product AND license_id = licenses.id))`;

/** Takes products that were deleted before the instant out of the licenses that have them as further ones. */
export function dropPurgedProducts({ statement }: SqliteStore, before: Date): DeleteStep {
  return (rows) => {
    const found = statement(`
      SELECT license_id, id FROM products CROSS JOIN license_products
        ON license_products.guild_id = products.guild_id AND product_id = id
      WHERE deleted_at < ? LIMIT ?`).all(before.getTime(), rows);
    for (const { license_id: licenseId, id } of found) {
      statement(`
        UPDATE licenses SET further_products = (
          SELECT nullif(json_group_array(value), '[]') FROM json_each(further_products) WHERE value <> ?
        ) WHERE id = ?`).run(id as number, licenseId as number);
    }
    return found.length;
  };
}
