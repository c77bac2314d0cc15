import { describe, expect, test } from '@jest/globals';
import { parseLine } from '../../playground/discord/prompt/parse-line.ts';

describe('a line at the prompt', () => {
  test.each([
    [
      '/license issue product:7 user:@buyer',
      { kind: 'command', words: 'license issue', options: { product: '7', user: '@buyer' }, inDm: false },
    ],
    ['/redeem key:"AAAA BBBB"', { kind: 'command', words: 'redeem', options: { key: 'AAAA BBBB' }, inDm: false }],
    ['dm /mylicenses', { kind: 'command', words: 'mylicenses', options: {}, inDm: true }],
    ['dm hello there', { kind: 'say', text: 'hello there', inDm: true }],
    ['click Send key again', { kind: 'click', label: 'Send key again' }],
    ['fill Key=AAAA Why="my own"', { kind: 'fill', fields: { Key: 'AAAA', Why: 'my own' } }],
    ['pick a b', { kind: 'pick', values: ['a', 'b'] }],
    ['as buyer', { kind: 'as', user: 'buyer' }],
    ['  ', { kind: 'nothing' }],
    ['what', { kind: 'help' }],
  ])('%s', (line, expected) => {
    expect(parseLine(line)).toEqual(expected);
  });
});
