export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}
