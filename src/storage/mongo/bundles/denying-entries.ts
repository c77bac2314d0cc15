import { setImmediate as nextTick } from 'node:timers/promises';
import type { CheckRequest } from '../../../domain/check-request.ts';
import { type BlacklistReader, type BlacklistType, ipMatches } from '../../../domain/blacklist/blacklist.ts';
import { createBlacklistIndex } from '../../../domain/blacklist/blacklist-index.ts';
import { foldText } from '../../../domain/values/text.ts';
import type { Models } from '../database/models.ts';
import { readListedEntries } from './listed-entries.ts';

/** What a check is compared with the blacklist by. */
export interface Compared {
  readonly request: Pick<CheckRequest, 'declaredIp' | 'observedIp' | 'hwid' | 'country'>;
  readonly keyHash: string | null;
  readonly ownerId: string | null;
}

/** Each has some 130 networks around an IPv6 address. */
const checksPerTurn = 16;

/**
 * The entries that may deny any of these checks, read from the database: what the index by type and match has for them.
 * It answers for these checks only. It takes as long as the checks are many, however long the blacklist is.
 */
export async function findDenyingEntries(
  models: Models,
  guildId: string,
  checks: readonly Compared[],
  maxTimeMS: number,
): Promise<BlacklistReader> {
  const matches: Record<BlacklistType, Set<string>> = {
    ip: new Set(),
    hwid: new Set(),
    key: new Set(),
    user: new Set(),
    country: new Set(),
  };
  for (const [position, check] of checks.entries()) {
    if (position > 0 && position % checksPerTurn === 0) await nextTick();
    for (const [type, match] of matchesOf(check)) matches[type].add(match);
  }
  const asked = (Object.keys(matches) as BlacklistType[]).filter((type) => matches[type].size > 0);
  const count = asked.reduce((sum, type) => sum + matches[type].size, 0);
  const filter = { $or: asked.map((type) => ({ guildId, type, match: { $in: [...matches[type]] }, gone: false })) };
  return createBlacklistIndex(count === 0 ? [] : await readListedEntries(models, filter, { limit: count, maxTimeMS }));
}

function matchesOf({ request, keyHash, ownerId }: Compared): readonly (readonly [BlacklistType, string])[] {
  const { declaredIp, observedIp, hwid, country } = request;
  const texts = declaredIp === null || declaredIp === observedIp ? [observedIp] : [declaredIp, observedIp];
  const others = [
    ['hwid', hwid === null ? null : foldText(hwid)],
    ['key', keyHash],
    ['user', ownerId],
    ['country', country],
  ] as const;
  return [
    ...ipMatches(texts).map((match) => ['ip', match] as const),
    ...others.flatMap(([type, match]) => (match === null ? [] : [[type, match] as const])),
  ];
}
