/**
 * Settles as `result` does, or resolves to `late()` at the deadline, an instant of `performance.now()`. What becomes of
 * `result` after the deadline is ignored, because the client has its answer by then.
 */
export function withinDeadline<T>(result: Promise<T>, deadlineAt: number, late: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => {
        resolve(late());
      },
      Math.max(0, deadlineAt - performance.now()),
    );
    const settle =
      <V>(end: (value: V) => void) =>
      (value: V) => {
        clearTimeout(timer);
        end(value);
      };
    result.then(settle(resolve), settle(reject));
  });
}
