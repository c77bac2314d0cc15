import { numberText } from '../load/request-template.ts';

/** What every store of the bench has, besides its licenses. Requests are written for it. */
export const world = {
  guildId: '100000000000000001',
  teamId: '11111111-2222-4333-8444-555555555555',
  userId: 'abcde',
  apiKey: 'the-api-key-of-the-bench-0123456789',
  managementKey: 'the-management-key-of-the-bench-0123',
  product: { id: 7, uuid: '77777777-7777-4777-8777-777777777777', name: 'Bench', version: '1.0.0' },
  /** Every license is bound to the address that all load comes from. */
  ip: '127.0.0.1',
  blacklistedHwid: 'blacklisted-machine',
} as const;

export const keyOf = (license: number) => `BENCH-STORE-KEYED-BYNUM-${numberText(license)}`;
export const hwidOf = (license: number) => `machine-of-${numberText(license)}`;
/** The first licenses belong to one collector; of the others two in a row have one owner. */
const licensesOfCollector = 300;
export const ownerOf = (license: number) =>
  String(200_000_000_000_000_000n + BigInt(license < licensesOfCollector ? 0 : Math.floor(license / 2)));

/** The number of that owner's customer record: 1 for the collector. */
export const customerOf = (license: number) =>
  license < licensesOfCollector ? 1 : Math.floor((license - licensesOfCollector) / 2) + 2;

/** How much a store holds. */
export interface StoreSize {
  /** Active licenses, each with a slot for its IP and one for its machine. */
  readonly licenses: number;
  readonly blacklist: number;
  readonly attempts: number;
}

/** After the active licenses come those whose only slot for a machine is taken, numbered like them. */
export const fullLicenses = 1_000;
/** Then come suspended, switched-off, expired and deleted ones in turns: one for every hundred active ones. */
const inactiveLicenses = ({ licenses }: StoreSize) => Math.floor(licenses / 100);
export const allLicenses = (size: StoreSize) => size.licenses + fullLicenses + inactiveLicenses(size);
