import { expect, test } from '@jest/globals';
import { stopTogether } from '../../src/stop-together.ts';

const never = () => new Promise<void>(() => undefined);

test('every part is told before any has stopped', async () => {
  const second = Promise.withResolvers<undefined>();
  const first = () => second.promise;
  const stopSecond = () => {
    second.resolve(undefined);
    return Promise.resolve();
  };
  await stopTogether([first, stopSecond], 60_000);
});

test('a part that does not end keeps nobody longer than the grace', async () => {
  await stopTogether([never, () => Promise.resolve()], 1);
});

test('a part that fails is told of after the others have stopped', async () => {
  const stopped: string[] = [];
  const other = async () => {
    await Promise.resolve();
    stopped.push('other');
  };
  await expect(stopTogether([() => Promise.reject(new Error('no')), other], 60_000)).rejects.toThrow('no');
  expect(stopped).toEqual(['other']);
});
