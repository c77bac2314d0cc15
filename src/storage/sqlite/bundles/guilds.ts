import { settingKeys } from '../../../domain/settings/settings.ts';
import type { Guilds } from '../../port/guilds.ts';
import { publicKeysOf, sealContext, sealSystemKeys } from '../../challenge-keys.ts';
import { type GuildRow, guildOf, readSystemKeys, writeSystemKeys } from './rows.ts';
import type { SqliteStore } from '../connection.ts';
import { deleteGuild } from './guild-removal.ts';
import { recordTrail } from '../trail.ts';

export function createGuilds(store: SqliteStore): Guilds {
  const { statement } = store;

  return {
    addGuild: (guild, trail) =>
      store.write(() => {
        if (statement('SELECT 1 FROM guilds WHERE id = ?').get(guild.id)) return { taken: 'id' };
        if (statement('SELECT 1 FROM guilds WHERE team_id = ?').get(guild.teamId)) return { taken: 'teamId' };
        if (statement('SELECT 1 FROM guilds WHERE user_id = ?').get(guild.userId)) return { taken: 'userId' };
        const { id, name, teamId, userId, publicKey } = guild;
        const createdAt = store.now();
        const privateKey = store.vault.seal(guild.privateKey, sealContext(id));
        const systemKeys = sealSystemKeys(store.vault, guild);
        statement(
          `INSERT INTO guilds (id, name, team_id, user_id, public_key, private_key, system_keys, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ).run(id, name, teamId, userId, publicKey, privateKey, writeSystemKeys(systemKeys), createdAt.getTime());
        store.raiseBundleVersion(id, 'guild', id);
        recordTrail(store, id, trail);
        return { guild: { id, name, teamId, userId, publicKey, ...publicKeysOf(systemKeys), createdAt } };
      }),

    renameGuild: (guildId, name) =>
      store.write(() => {
        const { changes } = statement('UPDATE guilds SET name = ?1 WHERE id = ?2 AND name <> ?1').run(name, guildId);
        if (changes) store.raiseBundleVersion(guildId, 'guild', guildId);
      }),

    deleteGuild: (guildId) => deleteGuild(store, guildId),

    guilds: () =>
      store.read(() => {
        const rows = statement('SELECT * FROM guilds ORDER BY created_at, id').all();
        return (rows as unknown as readonly GuildRow[]).map(guildOf);
      }),

    challengeKey: (guildId, system) =>
      store.read(() => {
        const row = statement('SELECT private_key, system_keys FROM guilds WHERE id = ?').get(guildId);
        if (!row) return null;
        const own = readSystemKeys(row.system_keys as string).find((key) => key.system === system);
        return own
          ? store.vault.open(own.privateKey, sealContext(guildId, system))
          : store.vault.open(row.private_key as Uint8Array, sealContext(guildId));
      }),

    bundle: (guildId) => store.read(() => store.bundle(guildId)),

    changeSettings: (guildId, change) =>
      store.write(() => {
        const bundle = store.bundle(guildId);
        if (!bundle) return null;
        const current = bundle.settings;
        const { next, trail, result } = change(current);
        if (!next) return { ...result, effectIds: [] };
        for (const key of settingKeys) {
          const value = JSON.stringify(next[key]);
          if (value === JSON.stringify(current[key])) continue;
          statement(
            'INSERT INTO settings (guild_id, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
          ).run(guildId, key, value);
        }
        store.raiseBundleVersion(guildId, 'settings', guildId);
        return { ...result, ...recordTrail(store, guildId, trail) };
      }),
  };
}
