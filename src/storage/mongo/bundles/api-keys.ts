import type { ApiKeys } from '../../port/api-keys.ts';
import { apiKeyOf } from './documents.ts';
import type { MongoStore } from '../connection.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { Change } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { takeNumbers } from '../ids.ts';
import { effectIdsOf } from '../outbox.ts';
import { requireGuild } from '../requirements.ts';

export function createApiKeys(store: MongoStore): ApiKeys {
  const { models, outbox } = store;
  const hashOf = (secret: string) => store.vault.apiKeyHash(secret).toString('base64url');
  const changeOf = (guildId: string, id: number): Change => ({ guildId, kind: 'api-key', ref: String(id) });

  return {
    createApiKey: (guildId, { name, scopes, secret, expiresAt, createdBy }, trail) =>
      store.run(async () => {
        await requireGuild(store, guildId);
        const hash = hashOf(secret);
        const _id = await takeNumbers(models, 'api-key', 1);
        const createdAt = store.now();
        const document = { _id, guildId, name, hash, scopes, createdAt, createdBy, expiresAt, revokedAt: null };
        const apiKey = apiKeyOf(document);
        const outboxEntry = await outbox.createEntry(guildId, trail(apiKey), { changes: [changeOf(guildId, _id)] });
        try {
          await outbox.insert(models.apiKeys, document, outboxEntry);
        } catch (error) {
          if (duplicateFields(error)?.includes('hash')) return { taken: true as const };
          throw error;
        }
        return { apiKey, effectIds: effectIdsOf(outboxEntry) };
      }),

    revokeApiKey: (guildId, id, trail) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const found = await models.apiKeys.findOne({ _id: id, guildId }).lean();
          if (!found) return null;
          const current = apiKeyOf(found);
          if (current.revokedAt) {
            // The process that revoked it may have died before it raised the bundle version. This answer promises that
            // no check accepts the key any more, so the entry is carried out first.
            await outbox.finishEntries(models.apiKeys, id, found.outbox ?? []);
            return current;
          }
          const revokedAt = store.now();
          const outboxEntry = await outbox.createEntry(guildId, trail, { changes: [changeOf(guildId, id)] });
          const isStored = await outbox.update(
            models.apiKeys,
            { _id: id, revokedAt: null },
            { $set: { revokedAt } },
            outboxEntry,
          );
          return isStored ? { ...current, revokedAt } : conflict;
        }),
      ),

    apiKeys: (guildId) =>
      store.run(async () => (await models.apiKeys.find({ guildId }).sort({ _id: 1 }).lean()).map(apiKeyOf)),

    apiKeyBySecret: (secret) =>
      store.run(async () => {
        const found = await models.apiKeys.findOne({ hash: hashOf(secret) }).lean();
        return found && apiKeyOf(found);
      }),
  };
}
