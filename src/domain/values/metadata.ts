/** A pair that sellers keep with a license, a product or a customer. */
export interface MetadataEntry {
  /** 1 to `maxMetadataKeyLength` characters, once in a record. */
  readonly key: string;
  /** Up to `maxMetadataValueLength` characters. */
  readonly value: string;
  /** Whether answers to client programs carry it, where their protocol has a place for it. */
  readonly returned: boolean;
}

export const maxMetadataEntries = 20;
export const maxMetadataKeyLength = 100;
export const maxMetadataValueLength = 1000;
