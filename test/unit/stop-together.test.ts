import { expect, test } from '@jest/globals';
import { stopTogether } from '../../src/stop-together.ts';

const never = () => new Promise<void>(() => undefined);

test('every part starts to stop before any has stopped', async () => {
  const second = Promise.withResolvers<undefined>();
  const first = () => second.promise;
  const stopSecond = () => {
    second.resolve(undefined);
    return Promise.resolve();
  };
  await stopTogether([first, stopSecond], 60_000);
});

test('a part that does not stop delays the end by no more than the grace period', async () => {
  await stopTogether([never, () => Promise.resolve()], 1);
});

test('the error of a part that cannot stop is thrown after the others have stopped', async () => {
  const stopped: string[] = [];
  const other = async () => {
    await Promise.resolve();
    stopped.push('other');
  };
  await expect(stopTogether([() => Promise.reject(new Error('no')), other], 60_000)).rejects.toThrow('no');
  expect(stopped).toEqual(['other']);
});
