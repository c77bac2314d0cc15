import { describe, expect, test } from '@jest/globals';
import { startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { idOf, setUpPlayers } from '../../playground/discord/prompt/players.ts';
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

test('a user, a channel and a role of the same name are distinguished by @, # and &', async () => {
  const discord = await startLocalDiscord();
  const players = setUpPlayers(discord);
  const { users, channels, roles } = players;
  expect(['@staff', '#staff', '&staff'].map((text) => idOf(players, text))).toEqual([
    users.staff,
    channels.staff,
    roles.staff,
  ]);
  expect(idOf(players, 'panels')).toBe('panels');
  await discord.stop();
});
