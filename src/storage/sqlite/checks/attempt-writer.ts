import type { NewAttempt } from '../../../domain/decision.ts';
import { createUnknownKeyLimit, minuteOf } from '../../unknown-key-limit.ts';
import type { Prepare } from '../database.ts';

/** Stores an attempt inside the caller's transaction. */
export type AttemptWriter = (guildId: string, at: Date, attempt: NewAttempt) => void;

/** One per process: what it has stored singly in this minute is remembered in memory. */
export function createAttemptWriter(statement: Prepare): AttemptWriter {
  const insert = statement(`
    INSERT INTO attempts (guild_id, at, protocol, result, license_id, product_id, product, version, key_suffix,
      declared_ip, observed_ip, hwid, mac, country, user_agent, info, new_bindings, quiet)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const count = statement(`
    INSERT INTO attempt_counts (guild_id, minute, protocol, result, count) VALUES (?, ?, ?, ?, 1)
    ON CONFLICT DO UPDATE SET count = count + 1`);
  const isOneTooMany = createUnknownKeyLimit();

  return (guildId, at, attempt) => {
    const now = at.getTime();
    if (attempt.licenseId === null && isOneTooMany(guildId, at)) {
      count.run(guildId, minuteOf(at), attempt.protocol, attempt.result);
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
      attempt.keySuffix,
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
