import type mongoose from 'mongoose';
import { sharedDatabase } from './mongod.ts';

type Hashes = Readonly<Record<string, string>>;

/** What `dbHash` answers for a collection without documents: the MD5 of nothing. */
const emptyHash = 'd41d8cd98f00b204e9800998ecf8427e';

async function hashesOf(database: mongoose.mongo.Db): Promise<Hashes> {
  return (await database.command({ dbHash: 1 })).collections as Hashes;
}

/** Removes every document and leaves collections and indexes. */
export async function emptyDatabase(uri: string): Promise<void> {
  await rewrite(sharedDatabase(uri), {}, new Map());
}

/** Remembers every document. What it answers brings them back and removes all others. */
export async function rememberDocuments(uri: string): Promise<() => Promise<void>> {
  const database = sharedDatabase(uri);
  const hashes = await hashesOf(database);
  const documents = new Map<string, mongoose.mongo.Document[]>();
  for (const name of Object.keys(hashes)) documents.set(name, await database.collection(name).find().toArray());
  return () => rewrite(database, hashes, documents);
}

/** Rewrites the collections whose documents are not those of `wanted`. */
async function rewrite(
  database: mongoose.mongo.Db,
  wanted: Hashes,
  documents: ReadonlyMap<string, mongoose.mongo.Document[]>,
): Promise<void> {
  const differing = Object.entries(await hashesOf(database)).filter(
    ([name, hash]) => hash !== (wanted[name] ?? emptyHash),
  );
  await Promise.all(
    differing.map(async ([name]) => {
      await database.collection(name).deleteMany();
      const before = documents.get(name) ?? [];
      if (before.length > 0) await database.collection(name).insertMany(before);
    }),
  );
}
