import { dayMs } from '../../src/domain/values/calendar.ts';
import type { CopyRecords } from '../../src/storage/copy/port.ts';
import { keySuffix } from '../../src/domain/values/key-format.ts';
import { hwidOf, keyOf, type StoreSize, world } from './world.ts';

/** The attempts go back so far, so that the oldest are due for retention, which keeps 90 days. */
const days = 95;

/**
 * The attempts of a store, oldest first and evenly spread over time. On each day the licenses come one after the other,
 * and every tenth attempt was denied.
 */
export function* attemptRecords(size: StoreSize, now: Date): Generator<CopyRecords['attempts']> {
  const betweenMs = (days * dayMs) / size.attempts;
  for (let index = 0; index < size.attempts; index += 1) {
    const license = index % size.licenses;
    const isDenied = index % 10 === 0;
    yield {
      guildId: world.guildId,
      at: new Date(Math.floor(now.getTime() - (size.attempts - index) * betweenMs)),
      protocol: 'tki',
      result: isDenied ? 'hwid-limit' : 'granted',
      licenseId: license + 1,
      productId: world.product.id,
      product: world.product.name,
      version: world.product.version,
      branch: null,
      scope: null,
      keySuffix: keySuffix(keyOf(license)),
      declaredIp: world.ip,
      observedIp: world.ip,
      countedIp: 'declared',
      hwid: isDenied ? 'another-machine' : hwidOf(license),
      mac: null,
      country: null,
      userAgent: 'bench/1.0',
      info: null,
      newBindings: [],
      replaced: null,
      quiet: false,
    };
  }
}
