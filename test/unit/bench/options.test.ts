import { expect, test } from '@jest/globals';
import { choices, readOptions } from '../../../bench/options.ts';

const read = (...args: string[]) => readOptions(args, () => undefined);

test('without arguments the bench measures everything of the embedded store, and stores it', () => {
  const options = read();
  expect(options).toMatchObject({ run: 'checks', store: 'sqlite', isStored: true, connections: null });
  expect(options.licenses).toEqual({ few: 10_000, many: 1_000_000 });
  expect(choices.filter((choice) => !options.isChosen(choice))).toEqual([]);
});

test('one number of licenses stands for both', () => {
  expect(read('--licenses', '1000').licenses).toEqual({ few: 1_000, many: 1_000 });
});

test('a part of the bench is measured without changing the stored results, unless that is asked', () => {
  const options = read('--only', 'tki,refused', '--connections', '32,128');
  expect(choices.filter(options.isChosen)).toEqual(['tki', 'refused']);
  expect(options).toMatchObject({ connections: [32, 128], isStored: false });
  expect(read('--quick').isStored).toBe(false);
  expect(read('--only', 'tki', '--write').isStored).toBe(true);
});

test.each([
  [['--only', 'tki,everything'], /--only takes tki, .*, not everything/],
  [['--store', 'postgres'], /sqlite or mongodb/],
  [['--members', '2'], /1 or 3/],
  [['--rounds', 'many'], /--rounds takes a number above 0/],
])('%p is refused by name', (args, words) => {
  expect(() => read(...args)).toThrow(words);
});
