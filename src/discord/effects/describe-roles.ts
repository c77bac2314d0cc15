import type { StoredEffect } from '../../domain/effect.ts';
import type { Delivery } from '../framework/command-context.ts';
import { count, mentionUser } from '../texts/phrases.ts';
import { outcomes } from './outcomes.ts';

/** A change of a product or a setting concerns all of its owners, who are then counted instead of named. */
const maxNamed = 3;

export function isUnderWay({ status }: StoredEffect): boolean {
  return status === 'pending' || status === 'claimed';
}

export function userOf({ effect }: StoredEffect): string {
  return effect.userId;
}

/** How all of the role effects ended, in one word. */
export function endOfRoles(effects: readonly StoredEffect[]): Delivery['roles'] {
  if (effects.some(isUnderWay)) return 'under-way';
  if (effects.some(({ status }) => status === 'failed')) return 'failed';
  return effects.some(({ outcome }) => outcome === outcomes.noMember) ? 'absent' : 'done';
}

/** What became of roles, without the absence of the users in `named`, which another line reports. */
export function describeRoles(effects: readonly StoredEffect[], named: ReadonlySet<string>): readonly string[] {
  if (effects.length > maxNamed) return describeMany(effects);
  return effects.flatMap((stored) => describeOne(stored, named.has(userOf(stored))));
}

function describeOne(stored: StoredEffect, isNamed: boolean): readonly string[] {
  const user = mentionUser(userOf(stored));
  const { status, outcome } = stored;
  if (isUnderWay(stored)) return [`⏳ The roles of ${user} are being put right.`];
  if (status === 'failed') return [describeFailure(stored)];
  if (isNamed) return [];
  if (outcome === outcomes.noMember) return [`⚠️ ${user} is not in this server: their roles follow when they join.`];
  if (outcome === outcomes.noMemberNoRoles) return [`⚠️ ${user} is not in this server.`];
  const { gave, took } = changesOf(stored);
  return [
    ...(gave > 0 ? [`✅ ${user} got ${count(gave, 'role')}.`] : []),
    ...(took > 0 ? [`✅ ${user} lost ${count(took, 'role')}.`] : []),
  ];
}

function describeMany(effects: readonly StoredEffect[]): readonly string[] {
  const underWay = effects.filter(isUnderWay).length;
  const absent = effects.filter(({ outcome }) => outcome === outcomes.noMember).length;
  const changes = effects.map(changesOf);
  const gave = changes.reduce((sum, one) => sum + one.gave, 0);
  const took = changes.reduce((sum, one) => sum + one.took, 0);
  const failures = new Set(effects.filter(({ status }) => status === 'failed').map(describeFailure));
  return [
    ...(underWay > 0 ? [`⏳ The roles of ${count(underWay, 'user')} are being put right.`] : []),
    ...(gave + took > 0 ? [`✅ ${count(gave, 'role')} given, ${took} taken.`] : []),
    ...(absent > 0 ? [`⚠️ The roles of ${count(absent, 'user')} follow when they join this server.`] : []),
    ...failures,
  ];
}

function describeFailure({ outcome }: StoredEffect): string {
  return `⚠️ ${outcome ?? 'Roles could not be changed.'}`;
}

/** The numbers in an outcome such as `gave 1, took 0`. */
function changesOf({ outcome }: StoredEffect): { readonly gave: number; readonly took: number } {
  const [, gave = '0', took = '0'] = /^gave (\d+), took (\d+)$/.exec(outcome ?? '') ?? [];
  return { gave: Number(gave), took: Number(took) };
}
