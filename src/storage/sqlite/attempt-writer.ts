import type { NewAttempt } from '../../domain/check.ts';
import type { Prepare } from './database.ts';

/** Stores an attempt inside the caller's transaction. */
export type AttemptWriter = (guildId: string, at: Date, attempt: NewAttempt) => void;

/** Beyond so many a minute and guild, attempts without a license are only counted. */
const singleUnknownsPerMinute = 60;

/** One per process: what it has stored singly in this minute is remembered in memory. */
export function createAttemptWriter(statement: Prepare): AttemptWriter {
  const insert = statement(`
    INSERT INTO attempts (guild_id, at, protocol, result, license_id, product_id, product, version, key_tail,
      declared_ip, observed_ip, hwid, mac, country, user_agent, info, new_bindings, quiet)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const count = statement(`
    INSERT INTO attempt_counts (guild_id, minute, protocol, result, count) VALUES (?, ?, ?, ?, 1)
    ON CONFLICT DO UPDATE SET count = count + 1`);
  const unknowns = new Map<string, number>();
  let minute = 0;

  function isOneTooMany(guildId: string, now: number): boolean {
    const thisMinute = now - (now % 60_000);
    if (thisMinute !== minute) {
      unknowns.clear();
      minute = thisMinute;
    }
    const before = unknowns.get(guildId) ?? 0;
    unknowns.set(guildId, before + 1);
    return before >= singleUnknownsPerMinute;
  }

  return (guildId, at, attempt) => {
    const now = at.getTime();
    if (attempt.licenseId === null && isOneTooMany(guildId, now)) {
      count.run(guildId, minute, attempt.protocol, attempt.result);
      return;
    }
    insert.run(
      guildId,
      now,
      attempt.protocol,
      attempt.result,
      attempt.licenseId,
      attempt.productId,
      attempt.product,
      attempt.version,
      attempt.keyTail,
      attempt.declaredIp,
      attempt.observedIp,
      attempt.hwid,
      attempt.mac,
      attempt.country,
      attempt.userAgent,
      attempt.info,
      attempt.newBindings.length === 0 ? '[]' : JSON.stringify(attempt.newBindings),
      attempt.quiet ? 1 : 0,
    );
  };
}
