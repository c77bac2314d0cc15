import { isFromWrongClock } from '../../domain/values/calendar.ts';
import { clockToleranceMs, type Coordination } from '../port/coordination.ts';
import type { SqliteStore } from './connection.ts';

interface Lease {
  readonly holder: string;
  readonly number: number;
  readonly expires_at: number;
}

export function createCoordination(store: SqliteStore): Coordination {
  const { statement } = store;
  const leaseOf = (name: string) =>
    statement('SELECT holder, number, expires_at FROM leases WHERE name = ?').get(name) as unknown as Lease | undefined;

  return {
    acquireLease: (name, holder, ttlMs) =>
      store.write(() => {
        const now = store.now().getTime();
        const lease = leaseOf(name);
        const isOwn = lease?.holder === holder;
        const isRunning =
          lease && lease.expires_at > now && !isFromWrongClock(lease.expires_at, ttlMs + clockToleranceMs, now);
        if (isRunning && !isOwn) return null;
        // A lease that is still in the holder's name was acquired by no other holder since, even if it ran out.
        const number = isOwn ? lease.number : (lease?.number ?? 0) + 1;
        statement(
          `INSERT INTO leases (name, holder, number, expires_at) VALUES (?1, ?2, ?3, ?4)
           ON CONFLICT DO UPDATE SET holder = ?2, number = ?3, expires_at = ?4`,
        ).run(name, holder, number, now + ttlMs);
        return number;
      }),

    // The row stays, so that the next holder gets a greater number.
    releaseLease: (name, holder) =>
      store.write(() => {
        statement("UPDATE leases SET holder = '', expires_at = 0 WHERE name = ? AND holder = ?").run(name, holder);
      }),

    note: (name) =>
      store.read(() => {
        const row = statement('SELECT value FROM notes WHERE name = ?').get(name);
        return row ? (row.value as string) : null;
      }),

    setNote: (name, value, fence) =>
      store.write(() => {
        if (fence && (leaseOf(fence.lease)?.number ?? Infinity) > fence.number) return false;
        statement('INSERT INTO notes (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(
          name,
          value,
        );
        return true;
      }),
  };
}
