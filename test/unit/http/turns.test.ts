import { expect, test } from '@jest/globals';
import { createTurns } from '../../../src/http/turns.ts';

test('callers go on one after the other, each in a turn of the event loop of its own', async () => {
  const turns = createTurns();
  const seen: string[] = [];
  let turn = 0;
  const count = () => {
    turn += 1;
    if (seen.length < 6) setImmediate(count);
  };
  const work = async (name: string) => {
    for (let index = 0; index < 2; index += 1) {
      await turns.next();
      seen.push(`${name} ${turn}`);
    }
  };
  setImmediate(count);
  await Promise.all([work('a'), work('b'), work('c')]);
  expect(seen).toEqual(['a 1', 'b 2', 'c 3', 'a 4', 'b 5', 'c 6']);
});
