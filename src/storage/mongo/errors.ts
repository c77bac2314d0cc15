import mongoose from 'mongoose';
import { StoreUnavailableError } from '../port/errors.ts';

const { mongo } = mongoose;

// https://www.mongodb.com/docs/manual/reference/error-codes/
const duplicateKey = 11_000;
const sentences: Readonly<Record<number, string>> = {
  13: 'MongoDB refuses: the user in MONGODB_URI may not write to this database.',
  18: 'MongoDB refuses the name or password in MONGODB_URI.',
  50: 'MongoDB took too long.',
  64: 'MongoDB could not confirm a write: too few members of the replica set answer.',
  8000: 'MongoDB refuses the name or password in MONGODB_URI.',
  14_031: 'The disk of MongoDB is full.',
};
// NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk,
// NotPrimaryOrSecondary, PrimarySteppedDown, ShutdownInProgress
const notPrimary: readonly number[] = [10_107, 11_600, 11_602, 13_435, 13_436, 189, 91];
const unreachable = 'MongoDB cannot be reached, or has no primary at the moment.';

/**
 * A unique index refused a document; names of its fields. null: some other error. Of a bulk, whose error tells the first
 * trouble only, all that was not refused is stored.
 */
export function duplicateFields(error: unknown): readonly string[] | null {
  if (!(error instanceof mongo.MongoServerError) || error.code !== duplicateKey) return null;
  const writeErrors = error instanceof mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [];
  if (writeErrors.some(({ code }) => code !== duplicateKey)) return null;
  const first = writeErrors[0]?.err ?? error;
  const { keyPattern = {} } = first as { readonly keyPattern?: object };
  return Object.keys(keyPattern);
}

/** The one place where MongoDB's trouble becomes the port's; every other error is returned as it is. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailableError) return error;
  // What happened to a bulk as a whole is inside the error that tells of its documents.
  if (error instanceof mongo.MongoBulkWriteError && error.errorResponse instanceof Error) {
    const inside = asStoreError(error.errorResponse);
    return inside === error.errorResponse ? error : inside;
  }
  const told = error instanceof mongo.MongoServerError ? sentences[Number(error.code)] : undefined;
  if (told !== undefined) return new StoreUnavailableError(told, { cause: error });
  if (error instanceof mongo.MongoWriteConcernError) return new StoreUnavailableError(sentences[64], { cause: error });
  if (error instanceof mongo.MongoClientClosedError || error instanceof mongo.MongoNotConnectedError) {
    return new StoreUnavailableError('The store is closed.', { cause: error });
  }
  if (isConnectionError(error)) return new StoreUnavailableError(unreachable, { cause: error });
  return error;
}

/** The server that answered is no longer primary, or is about to be none. */
function isFailover(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && notPrimary.includes(Number(error.code));
}

function isConnectionError(error: unknown): boolean {
  return (
    error instanceof mongo.MongoNetworkError ||
    error instanceof mongo.MongoServerSelectionError ||
    error instanceof mongo.MongoTopologyClosedError ||
    error instanceof mongo.MongoStalePrimaryError ||
    error instanceof mongoose.Error.MongooseServerSelectionError ||
    (error instanceof mongo.MongoError && error.name === 'MongoWaitQueueTimeoutError') ||
    isFailover(error)
  );
}
