export interface IdSet {
  has(id: number): boolean;
  add(id: number): void;
  size(): number;
}

const idsPerPage = 32_768;

/**
 * A set of ids that lie close together, as sequence numbers do: one bit each. A million licenses take 128 kB, a `Set` of
 * them 40 MB.
 */
export function createIdSet(): IdSet {
  const pages = new Map<number, Uint8Array>();
  let size = 0;
  const pageOf = (id: number) => pages.get(Math.floor(id / idsPerPage));
  const maskOf = (id: number) => 1 << (id % 8);
  const byteOf = (id: number) => Math.floor((id % idsPerPage) / 8);

  function has(id: number): boolean {
    return ((pageOf(id)?.[byteOf(id)] ?? 0) & maskOf(id)) !== 0;
  }

  return {
    has,
    add: (id) => {
      if (has(id)) return;
      const page = pageOf(id) ?? new Uint8Array(idsPerPage / 8);
      pages.set(Math.floor(id / idsPerPage), page);
      page[byteOf(id)] = (page[byteOf(id)] ?? 0) | maskOf(id);
      size += 1;
    },
    size: () => size,
  };
}
