import { expect, test } from '@jest/globals';
import type { StoredEffect } from '../../src/domain/effect.ts';
import { describeRoles } from '../../src/discord/effects/describe-roles.ts';

const at = new Date(0);
const ended = (userId: string, outcome: string | null, status: StoredEffect['status'] = 'done'): StoredEffect => ({
  id: Number(userId),
  guildId: 'g1',
  effect: { kind: 'roles', userId },
  status,
  createdAt: at,
  dueAt: at,
  claimedAt: null,
  tries: 1,
  outcome,
});

test('a few users are named, and nothing is said of whose roles stay as they are', () => {
  const effects = [ended('1', 'gave 0, took 0'), ended('2', 'gave 2, took 1'), ended('3', 'not a member')];
  expect(describeRoles(effects, new Set())).toEqual([
    '✅ <@2> got 2 roles.',
    '✅ <@2> lost 1 role.',
    '⚠️ <@3> is not in this server: their roles follow when they join.',
  ]);
  expect(describeRoles([ended('3', 'not a member')], new Set(['3']))).toEqual([]);
});

test('many are counted, and the same failure is said once', () => {
  const effects = [
    ended('1', null, 'pending'),
    ended('2', 'gave 1, took 0'),
    ended('3', 'gave 0, took 2'),
    ended('4', 'not a member'),
    ended('5', 'Drag my role up.', 'failed'),
    ended('6', 'Drag my role up.', 'failed'),
  ];
  expect(describeRoles(effects, new Set())).toEqual([
    '⏳ The roles of 1 user are being put right.',
    '✅ 1 role given, 2 taken.',
    '⚠️ The roles of 1 user follow when they join this server.',
    '⚠️ Drag my role up.',
  ]);
});
