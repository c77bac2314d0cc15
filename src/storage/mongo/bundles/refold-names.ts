import { isDeepStrictEqual } from 'node:util';
import { foldName } from '../../../domain/values/text.ts';
import { duplicateFields } from '../errors.ts';
import type { Models } from '../database/models.ts';

/**
 * Folds the names of products of an older version as they are folded now. A product keeps its names as they are where
 * another one has a name that is the same now.
 */
export async function refoldProductNames({ products }: Models): Promise<void> {
  for await (const { _id, names } of products.find().select({ names: 1 }).lean().cursor()) {
    const refolded = [...new Map(names.map(({ name }) => [foldName(name), { folded: foldName(name), name }])).values()];
    if (isDeepStrictEqual(refolded, names)) continue;
    try {
      await products.updateOne({ _id, names }, { $set: { names: refolded }, $inc: { rev: 1 } });
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
    }
  }
}
