import { randomBytes } from 'node:crypto';
import { copyStores, type StoreLocation } from '../../src/storage/copy-stores.ts';

// A process that copies a store and kills itself in the middle: node copy-process.ts <orders as JSON>

export interface CopyOrders {
  readonly from: StoreLocation;
  readonly to: StoreLocation;
  /** base64 */
  readonly masterKey: string;
  readonly now: string;
  /** Kills itself after the first page of this kind has been stored. */
  readonly dieAt: string;
}

const orders = JSON.parse(process.argv[2] ?? '') as CopyOrders;

await copyStores({
  from: orders.from,
  to: orders.to,
  masterKey: Buffer.from(orders.masterKey, 'base64'),
  dataDir: '',
  clock: () => new Date(orders.now),
  random: randomBytes,
  onStep: ({ doing, kind }) => {
    if (doing === 'copying' && kind === orders.dieAt) process.kill(process.pid, 'SIGKILL');
  },
  onWarning: () => undefined,
});
