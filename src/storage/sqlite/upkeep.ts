import { system } from '../../domain/actor.ts';
import { dayMs, hourMs } from '../../domain/values/calendar.ts';
import type { Upkeep } from '../port/upkeep.ts';
import { deleteAttempts, deleteEmptyRuns } from './attempts/removal.ts';
import { rollUpAll } from './attempts/roll-up.ts';
import type { SqliteStore } from './connection.ts';
import { licenseColumns } from './licenses/columns.ts';
import { dropPurgedProducts } from './licenses/further-products.ts';
import { removeLicenses } from './licenses/removal.ts';
import { type DeleteStep, deleteInSteps, inTurn, rowsWithTrailPerStep } from './steps.ts';
import { insertAuditEvent, recordTrail } from './trail.ts';

export type Retention = Omit<Upkeep, 'backup' | 'ping' | 'close'>;

export function createUpkeep(store: SqliteStore): Retention {
  const { statement } = store;

  function purgeProducts(before: Date): DeleteStep {
    return (rows) => {
      const sql = 'SELECT id, guild_id, name FROM products WHERE deleted_at < ? ORDER BY id LIMIT ?';
      const products = statement(sql).all(before.getTime(), rows);
      for (const { id, guild_id: guildId } of products) {
        for (const table of ['releases', 'product_names']) {
          statement(`DELETE FROM ${table} WHERE product_id = ?`).run(id as number);
        }
        statement('DELETE FROM products WHERE id = ?').run(id as number);
        store.raiseBundleVersion(guildId as string, 'product', String(id));
      }
      return products.length;
    };
  }

  function recordPurge(guildId: string, licenseId: number): void {
    const subject = `license:${licenseId}`;
    insertAuditEvent(store, guildId, { actor: system, action: 'license.purged', subject, reason: null, details: {} });
  }

  /** Sets `expiry_notified` of the licenses that `where` finds with an instant, and stores the trail of each. */
  function processEnds(where: string, processed: 0 | 1): Upkeep['expireLicenses'] {
    const sql = `SELECT ${licenseColumns.names.join(', ')} FROM licenses WHERE ${where} AND deleted_at IS NULL
      AND +product_id IN (SELECT id FROM products WHERE deleted_at IS NULL) ORDER BY expires_at LIMIT ?`;
    return (now, limit, trail) =>
      deleteInSteps(
        store,
        limit,
        (rows) => {
          const found = statement(sql).all(now.getTime(), rows).map(licenseColumns.fromRow);
          for (const license of found) {
            statement('UPDATE licenses SET expiry_notified = ? WHERE id = ?').run(processed, license.id);
            recordTrail(store, license.guildId, trail(license));
          }
          return found.length;
        },
        rowsWithTrailPerStep,
      );
  }

  return {
    expireLicenses: processEnds('expires_at <= ? AND expiry_notified = 0', 1),

    withdrawExpiries: processEnds('expires_at > ? AND expiry_notified = 1', 0),

    rollUpAttempts: () => rollUpAll(store),

    deleteAttemptsBefore: async (guildId, before, limit) => {
      const oldest = (table: string, key: string, time: string): DeleteStep => {
        const old = `SELECT ${key} FROM ${table} WHERE guild_id = ? AND ${time} < ? ORDER BY ${time} LIMIT ?`;
        return (rows) =>
          Number(
            statement(`DELETE FROM ${table} WHERE (${key}) IN (${old})`).run(guildId, before.getTime(), rows).changes,
          );
      };
      const attempts = deleteAttempts(store, 'guild_id = ? AND at < ?', [guildId, before.getTime()]);
      const counts = oldest('attempt_counts', 'guild_id, minute, protocol, result', 'minute');
      const observed = oldest('observed_values', 'license_id, kind, value', 'last_seen');
      const deleted = await deleteInSteps(store, limit, inTurn(attempts, counts, observed));
      await deleteEmptyRuns(store);
      return deleted;
    },

    deleteStatisticsBefore: (guildId, period, before, limit) =>
      deleteInSteps(store, limit, (rows) => {
        const key = 'guild_id, period, start, protocol, product_id, result';
        const old = `SELECT ${key} FROM attempt_statistics WHERE guild_id = ? AND period = ? AND start <= ? LIMIT ?`;
        const lastStart = before.getTime() - (period === 'hour' ? hourMs : dayMs);
        const remove = statement(`DELETE FROM attempt_statistics WHERE (${key}) IN (${old})`);
        return Number(remove.run(guildId, period, lastStart, rows).changes);
      }),

    deleteAlertsBefore: (guildId, before, limit) =>
      deleteInSteps(store, limit, (rows) => {
        const old = 'SELECT id FROM alerts WHERE guild_id = ? AND at < ? ORDER BY at LIMIT ?';
        return Number(
          statement(`DELETE FROM alerts WHERE id IN (${old})`).run(guildId, before.getTime(), rows).changes,
        );
      }),

    purgeDeleted: (before, limit) => {
      const remove = (select: string) => removeLicenses(store, select, [before.getTime()], recordPurge);
      return deleteInSteps(
        store,
        limit,
        inTurn(
          remove('SELECT id, guild_id FROM licenses WHERE deleted_at < ? ORDER BY deleted_at LIMIT ?'),
          remove(
            `SELECT id, guild_id FROM licenses
             WHERE product_id IN (SELECT id FROM products WHERE deleted_at < ?) ORDER BY product_id, id LIMIT ?`,
          ),
          dropPurgedProducts(store, before),
          purgeProducts(before),
        ),
        rowsWithTrailPerStep,
      );
    },

    deleteEffectsBefore: (before, limit) =>
      deleteInSteps(store, limit, (rows) => {
        const ended = "SELECT id FROM effects WHERE status IN ('done', 'failed', 'dropped') AND created_at < ? LIMIT ?";
        return Number(statement(`DELETE FROM effects WHERE id IN (${ended})`).run(before.getTime(), rows).changes);
      }),
  };
}
