/** Runs what it is given one after the other, each after the one before has ended, whether or not that failed. */
export type Queue = <T>(body: () => Promise<T>) => Promise<T>;

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (body) => {
    const result = last.then(body, body);
    last = result.catch(() => undefined);
    return result;
  };
}
