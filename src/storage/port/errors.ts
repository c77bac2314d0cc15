/**
 * The store cannot serve the call now: it is closed, full, read-only, damaged, or did not answer or give its lock in
 * time. The message is one sentence for the operator. A change was then not committed, or that is unknown.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
