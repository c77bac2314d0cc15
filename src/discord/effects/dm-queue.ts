import { RESTJSONErrorCodes } from 'discord.js';
import { system } from '../../domain/actor.ts';
import type { AuditAction, NewAuditEvent } from '../../domain/audit.ts';
import type { EffectStatus } from '../../domain/effect.ts';
import { dayMs, hourMs, minuteMs } from '../../domain/values/calendar.ts';
import type { Services } from '../../services/services.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { DiscordApi } from '../gateway/discord-api.ts';
import { describeError, isAbsence, isDiscordError, isTransient } from '../gateway/discord-errors.ts';
import { toMessage } from '../framework/message.ts';
import { composeDm, type ComposeParts } from './compose-dm.ts';
import { type DmPace, spacingMs } from './dm-pace.ts';
import { type DmRun, messageOf, nonceOf, planRuns } from './dm-runs.ts';
import { outcomes } from './outcomes.ts';
import { backOff } from './role-queue.ts';

export interface DmQueueParts extends ComposeParts {
  readonly storage: ComposeParts['storage'] & Pick<Storage, 'claimEffects' | 'finishEffect' | 'raiseAlert'>;
  readonly api: Pick<DiscordApi, 'openDm' | 'send' | 'memberRoles'>;
  readonly pace: DmPace;
  readonly clock: () => Date;
  readonly services: { readonly clock: Pick<Services['clock'], 'believedNow'> };
}

const batch = 100;
/**
 * If the process dies, its claim ends while Discord still knows the nonce (`repeatWithinMs`), so that the repeated
 * message is not posted twice.
 */
const claimMs = 45_000;
const repeatWithinMs = minuteMs;
const tooOldMs = dayMs;
const maxTriesAfterJoin = 3;

type End = Exclude<EffectStatus, 'claimed'>;

/**
 * Sends the DM of at most one user, and gives all other claimed effects back with the instant of their turn, so that
 * few effects are claimed when a process dies. Returns how long to wait for the next step.
 */
export async function stepDmQueue(parts: DmQueueParts): Promise<number | undefined> {
  const { storage, clock } = parts;
  const runs: DmRun[] = [];
  for (const run of planRuns(await storage.claimEffects('dm', batch, claimMs))) {
    if (!(await dropUndeliverable(parts, run))) runs.push(run);
  }

  let chosen: { readonly run: DmRun; readonly counts: boolean } | null = null;
  let next: number | null = null;
  let turn = clock().getTime() - spacingMs;
  for (const run of runs) {
    const { notBefore, counts } = await paceOf(parts, run);
    if (chosen === null && notBefore === null) {
      chosen = { run, counts };
      turn = clock().getTime();
      continue;
    }
    turn = Math.max(turn + spacingMs, notBefore?.getTime() ?? 0);
    next ??= turn;
    await finish(parts, run, 'pending', 'waiting for its turn', new Date(turn));
  }
  if (chosen) await deliver(parts, chosen.run, chosen.counts);
  // By the store's clock a timer may fire a few milliseconds early.
  return next === null ? undefined : Math.min(next - clock().getTime() + 10, spacingMs);
}

/**
 * Ends and reports what must not be sent any more: DMs that are over a day old, and DMs whose process died so long
 * ago that a repeat could be a second message.
 */
async function dropUndeliverable(parts: DmQueueParts, run: DmRun): Promise<boolean> {
  const now = (await parts.services.clock.believedNow()).getTime();
  const oldest = Math.min(...run.effects.map(({ createdAt }) => createdAt.getTime()));
  if (now - oldest > tooOldMs) {
    await finish(parts, run, 'dropped', 'older than a day', null, 'effect.dropped');
    return true;
  }
  // A claim in the future was made by a clock that was ahead, so its age is unknown.
  if (run.interruptedAt && Math.abs(now - run.interruptedAt.getTime()) > repeatWithinMs) {
    await finish(
      parts,
      run,
      'failed',
      'I was stopped while sending this, so it may not have arrived',
      null,
      'effect.failed',
    );
    return true;
  }
  return false;
}

async function paceOf({ storage, pace }: DmQueueParts, run: DmRun) {
  // Key DMs are not limited per hour: a staff member or the buyer has just asked for them.
  const isFirstContact = !run.carriesKeys && !(await pace.isKnown(run.userId));
  const settings = (await storage.bundle(run.guildId))?.settings;
  const perHour = settings?.['dm.firstContactsPerHour'] ?? 0;
  return { notBefore: pace.notBefore({ isFirstContact, perHour }), counts: isFirstContact };
}

async function deliver(parts: DmQueueParts, run: DmRun, counts: boolean): Promise<void> {
  const { api, pace } = parts;
  const messages = await composeDm(parts, run);
  if (messages.length === 0) {
    await finish(parts, run, 'done', outcomes.outdated);
    return;
  }
  try {
    await pace.contact(counts);
    const channelId = await api.openDm(run.userId);
    for (const [part, message] of messages.entries()) await api.send(channelId, toMessage(message), nonceOf(run, part));
    await pace.arrived(run.userId);
    await finish(parts, run, 'done', outcomes.sent);
  } catch (error) {
    await refused(parts, run, error);
  }
}

const openingTooFast = 40_003;
const invalidRecipient = 50_033;

async function refused(parts: DmQueueParts, run: DmRun, error: unknown): Promise<void> {
  const { storage, clock, pace } = parts;
  const tries = Math.min(...run.effects.map((one) => one.tries));
  if (isDiscordError(error, RESTJSONErrorCodes.CannotSendMessagesToThisUser)) {
    await close(parts, run);
  } else if (isAbsence(error)) {
    await waitForJoin(parts, run);
  } else if (isDiscordError(error, invalidRecipient)) {
    await finish(parts, run, 'failed', 'There is no Discord user with this id', null, 'effect.failed');
  } else if (isDiscordError(error, openingTooFast)) {
    await pace.pause();
    const text = 'Discord says that I start DMs too fast, so I send none for an hour. Keys can be picked up meanwhile.';
    await storage.raiseAlert(run.guildId, { kind: 'dm-paused', subject: 'dm', text });
    await finish(parts, run, 'pending', 'paused for an hour', new Date(clock().getTime() + hourMs));
  } else if (isTransient(error)) {
    await finish(parts, run, 'pending', `Discord did not answer: ${describeError(error)}`, backOff(clock(), tries));
  } else {
    await finish(parts, run, 'failed', `Discord refused: ${describeError(error)}`, null, 'effect.failed');
  }
}

/** A notice that does not arrive is no error; a key that does not arrive is. */
function close(parts: DmQueueParts, run: DmRun): Promise<void> {
  return finish(parts, run, 'done', outcomes.closed, null, run.carriesKeys ? 'effect.failed' : null);
}

/** Keys wait until their owner joins the server, when the role queue sees them there. Notices would be old news then. */
async function waitForJoin(parts: DmQueueParts, run: DmRun): Promise<void> {
  const roleIds = await parts.api.memberRoles(run.guildId, run.userId).catch(() => null);
  if (roleIds !== null) {
    // They have joined since; if Discord does not notice that soon, they count as a user whom no DM reaches.
    const tries = Math.min(...run.effects.map((one) => one.tries));
    if (tries > maxTriesAfterJoin) await close(parts, run);
    else await finish(parts, run, 'pending', outcomes.absent, backOff(parts.clock(), tries));
  } else if (run.carriesKeys) {
    await finish(parts, run, 'waiting', outcomes.keyWaits, null, 'effect.failed');
  } else {
    await finish(parts, run, 'done', outcomes.absent);
  }
}

async function finish(
  { storage }: DmQueueParts,
  run: DmRun,
  status: End,
  outcome: string,
  dueAt: Date | null = null,
  action: Extract<AuditAction, 'effect.failed' | 'effect.dropped'> | null = null,
): Promise<void> {
  for (const [index, { id }] of run.effects.entries()) {
    const event = action && index === 0 ? auditOf(run, action, outcome) : null;
    await storage.finishEffect(id, { status, outcome, dueAt }, event);
  }
}

function auditOf(run: DmRun, action: AuditAction, outcome: string): NewAuditEvent {
  const [first] = run.effects;
  const messages = run.effects.map(messageOf);
  const licenseIds = messages.flatMap((message) =>
    message.type === 'keys' ? message.licenseIds : [message.licenseId],
  );
  const details = {
    what: run.carriesKeys ? 'keys' : 'notice',
    userId: run.userId,
    licenseIds: licenseIds.slice(0, 20),
  };
  return { actor: system, action, subject: `effect:${first?.id ?? 0}`, reason: outcome, details };
}
