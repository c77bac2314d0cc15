import { dayMs } from '../../src/domain/values/calendar.ts';
import type { CopyRecords } from '../../src/storage/copy/port.ts';
import { type StoreSize, world } from './world.ts';

/**
 * The blacklist of a store: a machine that requests name, and as many others as its size says, in turns addresses,
 * ranges and machines of no license. Every thousandth one has ended, so that a job removes it. `stored`: so many of the others
 * are in the store already, and the machine; null: none.
 */
export function* blacklistRecords(
  stored: number | null,
  size: StoreSize,
  now: Date,
): Generator<CopyRecords['blacklist']> {
  const entry = (id: number, type: 'ip' | 'hwid', value: string): CopyRecords['blacklist'] => ({
    id,
    guildId: world.guildId,
    type,
    value,
    match: value,
    reason: 'shared in public',
    expiresAt: id % 1_000 === 0 ? new Date(now.getTime() - dayMs) : null,
    hits: 0,
    createdAt: new Date(now.getTime() - 30 * dayMs),
    createdBy: 'cli',
  });
  if (stored === null) yield entry(1, 'hwid', world.blacklistedHwid);
  for (let index = stored ?? 0; index < size.blacklist; index += 1) {
    const [high, low] = [Math.floor(index / 256) % 256, index % 256];
    const address = `203.${Math.floor(index / 65_536)}.${high}.${low}`;
    const id = index + 2;
    if (index % 4 === 3) yield entry(id, 'hwid', `shared-machine-${index}`);
    else yield entry(id, 'ip', index % 4 === 2 ? `${100 + Math.floor(index / 65_536)}.${high}.${low}.0/24` : address);
  }
}
