import type { BlacklistEntry } from '../../domain/blacklist/blacklist.ts';
import { instantJson } from './instant-json.ts';

/** A blacklist entry as JSON; `expiresAt` null is never. */
export function blacklistEntryJson({ id, type, value, reason, expiresAt, hits }: BlacklistEntry): object {
  return { id, type, value, reason, expiresAt: instantJson(expiresAt), hits };
}
