import { type Settings, settingKeys } from '../../../domain/settings/settings.ts';
import type { Guilds, NewGuild } from '../../port/guilds.ts';
import { publicKeysOf, sealContext, sealSystemKeys } from '../../challenge-keys.ts';
import { guildProjection, guildOf, settingsOf } from './documents.ts';
import type { MongoStore } from '../connection.ts';
import { conflict, retryOnConflict } from '../conflict.ts';
import type { Change, GuildDocument } from '../documents.ts';
import { deleteGuild } from './guild-removal.ts';
import { duplicateFields } from '../errors.ts';
import { toBytes } from '../licenses/documents.ts';
import { effectIdsOf } from '../outbox.ts';

const noTrail = { audit: [], effects: [] };

export function createGuilds(store: MongoStore): Guilds {
  const { models, outbox, vault } = store;
  const changeOf = (guildId: string, kind: Change['kind']): Change => ({ guildId, kind, ref: guildId });

  /**
   * Which unique id of the new guild another one has, after an insert failed; `conflict` when that guild was being
   * removed and is gone now, so that the insert can be repeated.
   */
  async function findTaken(error: unknown, guild: NewGuild): Promise<'id' | 'teamId' | 'userId' | typeof conflict> {
    const fields = duplicateFields(error);
    if (!fields) throw error;
    const taken = (['teamId', 'userId'] as const).find((field) => fields.includes(field)) ?? 'id';
    const filter = taken === 'id' ? { _id: guild.id } : { [taken]: guild[taken] };
    const holder = await models.guilds.findOne(filter).select({ gone: 1, outbox: 1 }).lean();
    if (holder && !holder.gone) return taken;
    if (holder) await outbox.finishEntries(models.guilds, holder._id, holder.outbox ?? []);
    return conflict;
  }

  /**
   * The stored settings after the change. Settings that this version does not know stay as another version stored them.
   */
  function changedSettings(stored: GuildDocument['settings'], current: Settings, next: Settings) {
    const values = new Map(stored.map(({ key, value }) => [key, value]));
    for (const key of settingKeys) {
      const value = JSON.stringify(next[key]);
      if (value !== JSON.stringify(current[key])) values.set(key, value);
    }
    return [...values].map(([key, value]) => ({ key, value }));
  }

  return {
    addGuild: (guild, trail) =>
      store.run(async () => {
        const { id, name, teamId, userId, publicKey } = guild;
        const made = { name, teamId, userId, publicKey, createdAt: store.now() };
        const privateKey = vault.seal(guild.privateKey, sealContext(id));
        const systemKeys = sealSystemKeys(vault, guild).map((key) => ({
          ...key,
          privateKey: Buffer.from(key.privateKey),
        }));
        const document = { _id: id, rev: 1, ...made, privateKey, systemKeys, settings: [], gone: false };
        const outboxEntry = await outbox.createEntry(id, trail, { changes: [changeOf(id, 'guild')] });
        return retryOnConflict(store, async () => {
          try {
            await outbox.insert(models.guilds, document, outboxEntry);
            return { guild: { id, ...made, ...publicKeysOf(systemKeys) } };
          } catch (error) {
            const taken = await findTaken(error, guild);
            return taken === conflict ? conflict : { taken };
          }
        });
      }),

    renameGuild: (guildId, name) =>
      store.run(async () => {
        const outboxEntry = await outbox.createEntry(guildId, noTrail, { changes: [changeOf(guildId, 'guild')] });
        const filter = { _id: guildId, gone: false, name: { $ne: name } };
        await outbox.update(models.guilds, filter, { $set: { name }, $inc: { rev: 1 } }, outboxEntry);
      }),

    deleteGuild: (guildId) => store.run(() => deleteGuild(store, guildId)),

    guilds: () =>
      store.run(async () => {
        const found = await models.guilds
          .find({ gone: false })
          .select(guildProjection)
          .sort({ createdAt: 1, _id: 1 })
          .lean();
        return found.map(guildOf);
      }),

    challengeKey: (guildId, system) =>
      store.run(async () => {
        const fields = { privateKey: 1, systemKeys: 1 };
        const found = await models.guilds.findOne({ _id: guildId, gone: false }).select(fields).lean();
        if (!found) return null;
        const own = found.systemKeys?.find((key) => key.system === system);
        return own
          ? vault.open(toBytes(own.privateKey), sealContext(guildId, system))
          : vault.open(toBytes(found.privateKey), sealContext(guildId));
      }),

    bundle: (guildId) => store.run(() => store.bundle(guildId)),

    changeSettings: (guildId, change) =>
      store.run(() =>
        retryOnConflict(store, async () => {
          const found = await models.guilds
            .findOne({ _id: guildId, gone: false })
            .select({ settings: 1, rev: 1 })
            .lean();
          if (!found) return null;
          const current = settingsOf(found);
          const { next, trail, result } = change(current);
          if (!next) return { ...result, effectIds: [] };
          const settings = changedSettings(found.settings, current, next);
          const outboxEntry = await outbox.createEntry(guildId, trail, { changes: [changeOf(guildId, 'settings')] });
          const filter = { _id: guildId, rev: found.rev, gone: false };
          const isStored = await outbox.update(
            models.guilds,
            filter,
            { $set: { settings }, $inc: { rev: 1 } },
            outboxEntry,
          );
          return isStored ? { ...result, effectIds: effectIdsOf(outboxEntry) } : conflict;
        }),
      ),
  };
}
