import type { KnownUser } from '../../domain/snapshot.ts';
import type { Users } from '../port/users.ts';
import type { SqliteStore } from './connection.ts';

export function createUsers(store: SqliteStore): Users {
  const { statement } = store;

  function readUser(id: string): KnownUser | null {
    const row = statement('SELECT id, username, discriminator FROM users WHERE id = ?').get(id);
    return row ? ({ ...row } as unknown as KnownUser) : null;
  }

  return {
    // Names rarely change, and a commit costs a flush of the disk: the write is left out where the name is the same.
    rememberUser: async (user) => {
      const known = await store.read(() => readUser(user.id));
      if (known?.username === user.username && known.discriminator === user.discriminator) return;
      await store.write(() => {
        statement(
          `INSERT INTO users (id, username, discriminator) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET username = excluded.username, discriminator = excluded.discriminator`,
        ).run(user.id, user.username, user.discriminator);
      });
    },

    knownUser: (id) => store.read(() => readUser(id)),
  };
}
