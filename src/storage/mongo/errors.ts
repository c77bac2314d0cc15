import mongoose from 'mongoose';
import { StoreUnavailableError } from '../port/errors.ts';

const { mongo } = mongoose;

// https://www.mongodb.com/docs/manual/reference/error-codes/
const duplicateKey = 11_000;
const indexNotFound = 27;
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
 * The fields of the unique index that a write violated; null: the error is another one. For an unordered bulk write the
 * fields are those of the first violation; every document that violated no index is stored. A bulk in which a document
 * failed for another reason counts as another error.
 */
export function duplicateFields(error: unknown): readonly string[] | null {
  if (!(error instanceof mongo.MongoServerError) || error.code !== duplicateKey) return null;
  const writeErrors = error instanceof mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [];
  if (writeErrors.some(({ code }) => code !== duplicateKey)) return null;
  const first = writeErrors[0]?.err ?? error;
  const { keyPattern = {} } = first as { readonly keyPattern?: object };
  return Object.keys(keyPattern);
}

export function isIndexNotFound(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === indexNotFound;
}

/** The one place where errors of MongoDB become `StoreUnavailableError`; every other error is returned as it is. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailableError) return error;
  // The error of a bulk write lists its documents; an error of the whole write, such as a lost connection, is inside
  // it.
  if (error instanceof mongo.MongoBulkWriteError && error.errorResponse instanceof Error) {
    const cause = asStoreError(error.errorResponse);
    return cause === error.errorResponse ? error : cause;
  }
  const sentence = error instanceof mongo.MongoServerError ? sentences[Number(error.code)] : undefined;
  if (sentence !== undefined) return new StoreUnavailableError(sentence, { cause: error });
  if (error instanceof mongo.MongoWriteConcernError) return new StoreUnavailableError(sentences[64], { cause: error });
  if (error instanceof mongo.MongoClientClosedError || error instanceof mongo.MongoNotConnectedError) {
    return new StoreUnavailableError('The store is closed.', { cause: error });
  }
  if (isConnectionError(error)) return new StoreUnavailableError(unreachable, { cause: error });
  return error;
}

/** The server that answered is not the primary, or is stepping down or shutting down. */
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
