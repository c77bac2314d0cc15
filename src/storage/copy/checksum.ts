import { createHash } from 'node:crypto';
import { copyKinds, type CopyKind, type CopyPosition, type CopySide } from './port.ts';

/** What tells whether two stores hold the same records of a kind. */
export interface Checksum {
  readonly count: number;
  /** The sum of the records' hashes, in hex: in whatever order they were read, it is the same. */
  readonly sum: string;
}

const sumBits = 128;

/** Reads all records of a kind, page by page; `onPage` learns how many a page had. */
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
      // Attempts have nothing but their order to tell two like ones apart, and that is kept.
      sum = BigInt.asUintN(sumBits, sum + hashOf(kind === 'attempts' ? { place: count, record } : record));
    }
    onPage(records.length);
    after = next;
  } while (after !== null);
  return { count, sum: sum.toString(16).padStart(sumBits / 4, '0') };
}

/** What changes whenever anybody uses the store: all counts, and what is in the kinds that are small. */
export async function digestOf(side: CopySide): Promise<string> {
  const parts: unknown[] = [];
  for (const kind of copyKinds) parts.push([kind, await side.count(kind)]);
  for (const kind of ['bundleVersion', 'numbers', 'leases', 'notes'] as const) parts.push(await checksumOf(side, kind));
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function hashOf(record: unknown): bigint {
  const digest = createHash('sha256')
    .update(JSON.stringify(neutral(record)))
    .digest();
  return BigInt(`0x${digest.toString('hex', 0, sumBits / 8)}`);
}

/** Instants and bytes as text, and fields in one order. */
function neutral(value: unknown): unknown {
  if (value instanceof Date) return { instant: value.toISOString() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(neutral);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([name, field]) => [name, neutral(field)]);
}
