/**
 * Settles as `result` does, or resolves to `late()` at the deadline, an instant of `performance.now()`. What becomes of
 * `result` after the deadline is ignored, because the client has its answer by then.
 */
export function withinDeadline<T>(result: T | Promise<T>, deadlineAt: number, late: () => T): Promise<T> {
  if (!(result instanceof Promise)) return Promise.resolve(result);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        resolve(late());
      },
      Math.max(0, deadlineAt - performance.now()),
    );
    result.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
