import { uuidOf } from '../../../domain/values/ids.ts';
import type { Product, Release } from '../../../domain/product.ts';
import { foldName } from '../../../domain/values/text.ts';
import type { NewProduct, Products, ProductTaken } from '../../port/products.ts';
import { insertSql, updateSql } from '../columns.ts';
import { productColumns, releaseColumns } from './product-columns.ts';
import { readProduct, readProducts } from './rows.ts';
import type { SqliteStore } from '../connection.ts';
import { countLicenses } from '../licenses/counts.ts';
import { requireGuild } from '../requirements.ts';
import { takeNumbers } from '../ids.ts';
import { recordTrail } from '../trail.ts';

export function createProducts(store: SqliteStore): Products {
  const { statement } = store;

  function holderOf(guildId: string, name: string): number | null {
    const row = statement('SELECT product_id AS id FROM product_names WHERE guild_id = ? AND folded = ?').get(
      guildId,
      foldName(name),
    );
    return row ? (row.id as number) : null;
  }

  const isIdTaken = (id: number) => statement('SELECT 1 FROM products WHERE id = ?').get(id) !== undefined;

  /** Which of UUID and name another product has. null: neither. */
  function takenBy(guildId: string, product: Pick<NewProduct, 'id' | 'uuid' | 'name'>): ProductTaken | null {
    if (product.uuid !== null) {
      const holder = statement('SELECT id FROM products WHERE uuid = ?').get(product.uuid.toLowerCase());
      if (holder && holder.id !== product.id) return 'uuid';
    }
    const holder = holderOf(guildId, product.name);
    return holder === null || holder === product.id ? null : 'name';
  }

  function freeNumber(): number {
    for (;;) {
      const id = takeNumbers(store, 'product', 1);
      if (!isIdTaken(id)) return id;
    }
  }

  /** Adds the present name to the names by which the product is found; former names stay valid. */
  function addName(product: Product): void {
    statement(
      `INSERT INTO product_names (guild_id, folded, product_id, name) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET name = excluded.name`,
    ).run(product.guildId, foldName(product.name), product.id, product.name);
  }

  function storeReleases(productId: number, before: readonly Release[], after: readonly Release[]): void {
    const nameOf = (release: Release) => JSON.stringify([release.branch, release.version]);
    const remaining = new Set(after.map(nameOf));
    // The default branch is stored as ''.
    for (const { branch, version } of before.filter((release) => !remaining.has(nameOf(release)))) {
      statement('DELETE FROM releases WHERE product_id = ? AND branch = ? AND version = ?').run(
        productId,
        branch ?? '',
        version,
      );
    }
    const sql = `${insertSql('releases', ['product_id', ...releaseColumns.names])}
      ON CONFLICT DO UPDATE SET status = excluded.status, latest = excluded.latest
      WHERE status <> excluded.status OR latest <> excluded.latest`;
    for (const release of after) statement(sql).run(productId, ...releaseColumns.valuesOf(release));
  }

  function insert(guildId: string, product: NewProduct): Product {
    const now = store.now();
    const made: Product = {
      ...product,
      id: product.id ?? freeNumber(),
      uuid: (product.uuid ?? uuidOf(store.random(16))).toLowerCase(),
      guildId,
      aliases: [],
      createdAt: now,
      updatedAt: now,
      revision: 1,
      deletedAt: null,
    };
    statement(insertSql('products', productColumns.names)).run(...productColumns.valuesOf(made));
    addName(made);
    storeReleases(made.id, [], made.releases);
    store.raiseBundleVersion(guildId, 'product', String(made.id));
    return made;
  }

  function update(current: Product, next: Product): void {
    const { id, guildId, createdAt } = current;
    const stored = { ...next, id, guildId, createdAt, uuid: next.uuid.toLowerCase() };
    statement(updateSql('products', productColumns.names)).run(...productColumns.valuesOf(stored), id);
    if (next.name !== current.name) addName(stored);
    storeReleases(id, current.releases, next.releases);
    store.raiseBundleVersion(guildId, 'product', String(id));
  }

  return {
    createProduct: (guildId, product, trail) =>
      store.write(() => {
        requireGuild(store, guildId);
        const idTaken = product.id !== null && isIdTaken(product.id);
        const taken = idTaken ? 'id' : takenBy(guildId, product);
        if (taken) return { taken };
        const made = insert(guildId, product);
        return { product: made, ...recordTrail(store, guildId, trail(made)) };
      }),

    changeProduct: (guildId, productId, change) =>
      store.write(() => {
        const current = readProduct(statement, guildId, productId);
        if (!current) return null;
        const { next, trail, result } = change(current, store.now());
        if (!next) return { ...result, effectIds: [] };
        const taken = takenBy(guildId, { ...next, id: productId });
        if (taken) return { taken };
        update(current, next);
        return { ...result, ...recordTrail(store, guildId, trail) };
      }),

    deletedProducts: (guildId) =>
      store.read(() => readProducts(statement, guildId).filter((product) => product.deletedAt !== null)),

    countLicenses: (guildId, productId) => countLicenses(store, guildId, productId),
  };
}
