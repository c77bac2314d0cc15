import type { SQLInputValue } from 'node:sqlite';
import type { DirectorySource } from '../../guild-directory.ts';
import { type ApiKeyRow, apiKeyOf } from './rows.ts';
import type { Prepare } from '../database/database.ts';

/** Answers the guild directory from the database, in the caller's transaction. */
export function createDirectorySource(prepare: Prepare): DirectorySource {
  const guildIdBy = (sql: string, value: SQLInputValue) =>
    (prepare(sql).get(value) as { readonly guildId: string } | undefined)?.guildId;

  return {
    apiKey: (hash) => {
      const row = prepare('SELECT * FROM api_keys WHERE hash = ?').get(hash);
      return row && apiKeyOf(row as unknown as ApiKeyRow);
    },
    guildOfTeam: (teamId) => guildIdBy('SELECT id AS guildId FROM guilds WHERE team_id = ?', teamId),
    guildOfUser: (userId) => guildIdBy('SELECT id AS guildId FROM guilds WHERE user_id = ?', userId),
    guildOfProduct: (id) => guildIdBy('SELECT guild_id AS guildId FROM products WHERE id = ?', id),
  };
}
