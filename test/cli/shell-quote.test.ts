import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { shellQuote } from '../../src/cli/framework/shell-quote.ts';

test.each(['plain', 'a b', "it's", '$HOME `id` !x', '{"a":"b"}', '', 'a\\b', '*'])(
  'sh reads %j back as it was',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellQuote(word, 'linux')}`]).toString()).toBe(word);
  },
);

test('a plain word stays as it is', () => {
  expect(shellQuote('http://127.0.0.1:3000/api', 'linux')).toBe('http://127.0.0.1:3000/api');
});
