import { createHash } from 'node:crypto';
import { copyKinds, type CopyKind, type CopyPosition, type CopySide } from './port.ts';

/** Two stores with equal checksums hold the same records of a kind. */
export interface Checksum {
  readonly count: number;
  /** The sum of the records' hashes modulo 2^128, in hex. It does not depend on the order in which they were read. */
  readonly sum: string;
}

const sumBits = 128;

/** Reads all records of a kind, page by page, and calls `onPage` with the number of records on each page. */
export async function checksumOf(
  side: CopySide,
  kind: CopyKind,
  onPage: (records: number) => void = () => undefined,
): Promise<Checksum> {
  let count = 0;
  let sum = 0n;
  let after: CopyPosition | null = null;
  do {
    const { records, next }: { readonly records: readonly unknown[]; readonly next: CopyPosition | null } =
      await side.read(kind, after);
    for (const record of records) {
      count += 1;
      // Attempts have no id in a copy: their order is what a copy must preserve, so their positions are hashed too.
      sum = BigInt.asUintN(sumBits, sum + hashOf(kind === 'attempts' ? { position: count, record } : record));
    }
    onPage(records.length);
    after = next;
  } while (after !== null);
  return { count, sum: sum.toString(16).padStart(sumBits / 4, '0') };
}

/**
 * A digest that changes whenever the store is used: of the number of records of every kind, and of the records of those
 * kinds that are small and change with every use.
 */
export async function digestOf(side: CopySide): Promise<string> {
  const parts: unknown[] = [];
  for (const kind of copyKinds) parts.push([kind, await side.count(kind)]);
  for (const kind of ['bundleVersion', 'numbers', 'leases', 'notes'] as const) parts.push(await checksumOf(side, kind));
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function hashOf(record: unknown): bigint {
  const digest = createHash('sha256')
    .update(JSON.stringify(canonicalForm(record)))
    .digest();
  return BigInt(`0x${digest.toString('hex', 0, sumBits / 8)}`);
}

/** The same for equal records of both engines: instants and bytes as text, fields sorted by name. */
function canonicalForm(value: unknown): unknown {
  if (value instanceof Date) return { instant: value.toISOString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(canonicalForm);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([name, field]) => [name, canonicalForm(field)]);
}
