import { type CopyRecords, sortedBy } from '../../copy/port.ts';
import {
  type ApiKeyRow,
  apiKeyOf,
  type BlacklistRow,
  blacklistEntryOf,
  type GuildRow,
  guildOf,
  readProduct,
  readSystemKeys,
  writeSystemKeys,
} from '../bundles/rows.ts';
import { type TableAdapter, type TableAdapters, type Insert } from './table-adapter.ts';
import { insertSql } from '../columns.ts';
import { customerColumns } from '../customers/columns.ts';
import { insertCustomer } from '../customers/rows.ts';
import type { Prepare } from '../database/database.ts';
import { msOf } from '../fields.ts';
import { productColumns, releaseColumns } from '../bundles/product-columns.ts';

type BundleTables = TableAdapters<'guilds' | 'products' | 'apiKeys' | 'blacklist' | 'users' | 'customers'>;

const insertProduct = insertSql('products', productColumns.names);
const insertRelease = insertSql('releases', ['product_id', ...releaseColumns.names]);

/** Guilds with their products, API keys and blacklists, and the users and customers. */
export function createBundleAdapters(statement: Prepare, insert: Insert): BundleTables {
  return {
    guilds: {
      from: 'guilds',
      key: ['id'],
      recordOf: (row) => {
        const settings = statement('SELECT key, value FROM settings WHERE guild_id = ?').all(row.id as string);
        const named = settings.map(({ key, value }) => ({ key: key as string, value: value as string }));
        const { publicKeys: _, ...guild } = guildOf(row as unknown as GuildRow);
        return {
          ...guild,
          privateKey: row.private_key as Uint8Array,
          systemKeys: readSystemKeys(row.system_keys as string),
          settings: sortedBy(named, ({ key }) => key),
        };
      },
      insert: ({ id, name, teamId, userId, publicKey, privateKey, systemKeys, settings, createdAt }) => {
        const columns = { id, name, team_id: teamId, user_id: userId, public_key: publicKey, private_key: privateKey };
        insert('guilds', { ...columns, system_keys: writeSystemKeys(systemKeys), created_at: msOf(createdAt) });
        for (const { key, value } of settings) insert('settings', { guild_id: id, key, value });
      },
    },

    products: createProductTable(statement, insert),

    apiKeys: {
      from: 'api_keys',
      key: ['id'],
      recordOf: (row) => ({ ...apiKeyOf(row as unknown as ApiKeyRow), hash: row.hash as Uint8Array }),
      insert: ({ id, guildId, name, hash, scopes, createdAt, createdBy, expiresAt, revokedAt }) => {
        insert('api_keys', {
          id,
          guild_id: guildId,
          name,
          hash,
          scopes: JSON.stringify(scopes),
          created_at: msOf(createdAt),
          created_by: createdBy,
          expires_at: msOf(expiresAt),
          revoked_at: msOf(revokedAt),
        });
      },
    },

    blacklist: {
      from: 'blacklist',
      key: ['id'],
      recordOf: (row) => blacklistEntryOf(row as unknown as BlacklistRow),
      insert: ({ guildId, createdAt, createdBy, expiresAt, ...entry }) => {
        insert('blacklist', {
          ...entry,
          guild_id: guildId,
          expires_at: msOf(expiresAt),
          created_at: msOf(createdAt),
          created_by: createdBy,
        });
      },
    },

    users: {
      from: 'users',
      key: ['id'],
      recordOf: (row) => ({ ...row }) as unknown as CopyRecords['users'],
      insert: ({ id, username, discriminator }) => {
        insert('users', { id, username, discriminator });
      },
    },

    customers: {
      from: 'customers',
      key: ['id'],
      recordOf: customerColumns.fromRow,
      insert: (customer) => {
        insertCustomer({ statement }, customer);
      },
    },
  };
}

function createProductTable(statement: Prepare, insert: Insert): TableAdapter<CopyRecords['products']> {
  function read(guildId: string, id: number): CopyRecords['products'] {
    const product = readProduct(statement, guildId, id);
    if (!product) throw new Error(`Product ${id} was removed while it was copied.`);
    const { aliases: _, releases, ...fields } = product;
    const names = statement('SELECT folded, name FROM product_names WHERE guild_id = ? AND product_id = ?');
    const named = names
      .all(guildId, id)
      .map(({ folded, name }) => ({ folded: folded as string, name: name as string }));
    return {
      ...fields,
      names: sortedBy(named, ({ folded }) => folded),
      releases: sortedBy(
        releases,
        ({ createdAt }) => createdAt.getTime(),
        ({ version }) => version,
        ({ branch }) => branch ?? '',
      ),
    };
  }

  return {
    from: 'products',
    key: ['id'],
    recordOf: (row) => read(row.guild_id as string, row.id as number),
    insert: (product) => {
      const { id, guildId, names, releases } = product;
      statement(insertProduct).run(...productColumns.valuesOf(product));
      for (const { folded, name } of names) {
        insert('product_names', { guild_id: guildId, folded, product_id: id, name });
      }
      for (const release of releases) statement(insertRelease).run(id, ...releaseColumns.valuesOf(release));
    },
  };
}
