import { actorText } from '../domain/actor.ts';
import {
  type BlacklistEntry,
  type BlacklistType,
  blacklistTypes,
  ipMatches,
  rangeMatches,
} from '../domain/blacklist/blacklist.ts';
import { type BlacklistAssessment, type BlacklistImpact, networkOf } from '../domain/blacklist/blacklist-impact.ts';
import { addDays } from '../domain/values/calendar.ts';
import { parseDuration, parseExpiry } from '../domain/expiry.ts';
import { readText } from '../domain/values/read-fields.ts';
import type { CommandError } from '../domain/command-error.ts';
import { type Result, fail, succeed } from '../domain/values/result.ts';
import type { Page } from '../storage/port/page.ts';
import { createAssessEntry } from './blacklist-impact.ts';
import { type BlacklistSubject, createReadSubjects } from './blacklist-subject.ts';
import type { By, ServiceContext } from './context.ts';
import { licensesHelpedIn } from './departures.ts';
import { findDenyingEntry } from './licenses/denying-entries.ts';
import type { LicenseService } from './licenses/license-service.ts';
import { auditEvent, roleEffects } from './trail.ts';

interface AddEntryInput extends By {
  readonly type: BlacklistType;
  readonly value: string;
  readonly reason?: string | null | undefined;
  /** `7d`, a date, or `never`. Left out: 30 days for an IP, never for the other types. */
  readonly for?: string | undefined;
  /**
   * true: the staff member was asked and said yes. A text: they typed it to confirm. Left out: they were not asked, so
   * only what needs no confirmation is added.
   */
  readonly confirmed?: boolean | string | undefined;
  /** `http.trustedProxies` of this process. Those of the server are known from the store. */
  readonly trustedProxies?: readonly string[] | undefined;
}

export interface EntryAdded {
  readonly entry: BlacklistEntry;
  /** The entry that stood for the same value before; `undo` restores its reason and end. */
  readonly replaced: BlacklistEntry | null;
  readonly impact: BlacklistImpact;
  readonly effectIds: readonly number[];
}

export interface BlacklistService {
  /**
   * Adds an entry, or replaces the one for the same value. Fails with blacklist-unconfirmed where the entry needs a
   * confirmation that `confirmed` does not give, and with the errors of `assess`, invalid-expiry, invalid-duration,
   * text-too-long or guild-not-found.
   */
  add(input: AddEntryInput): Promise<Result<EntryAdded, CommandError>>;
  /**
   * What such an entry would hit, and what has to be confirmed before it is added. Changes nothing. Fails with
   * blacklist-value-invalid and, of a key, license-not-found or license-ambiguous.
   */
  assess(guildId: string, type: BlacklistType, value: string): Promise<Result<BlacklistAssessment, CommandError>>;
  /** Fails with blacklist-not-found. */
  remove(input: By & { readonly id: number }): Promise<Result<BlacklistEntry, CommandError>>;
  /** The entry for exactly this value, read as `add` reads it. Fails with blacklist-not-found and as `assess`. */
  find(guildId: string, type: BlacklistType, value: string): Promise<Result<BlacklistEntry, CommandError>>;
  /** Undoes an `add`: removes the entry, or restores the one it replaced. */
  undo(
    input: By & { readonly entry: BlacklistEntry; readonly replaced: BlacklistEntry | null },
  ): Promise<Result<BlacklistEntry, CommandError>>;
  list(guildId: string, type: BlacklistType | null, page: Page): Promise<readonly BlacklistEntry[]>;
  count(guildId: string): Promise<number>;
  /**
   * The entries in force that match the text, read as `add` reads a value of each type: an address, a range that an
   * entry covers as a whole, a HWID, a user, a country or a key.
   */
  check(guildId: string, text: string): Promise<readonly BlacklistEntry[]>;
}

/** Providers assign addresses to other customers, so an IP is blacklisted for 30 days unless `for` says otherwise. */
const ipDays = 30;

export function createBlacklistService(
  context: ServiceContext,
  licenses: Pick<LicenseService, 'resolve'>,
): BlacklistService {
  const { storage, clock } = context;
  const subjects = createReadSubjects(storage, licenses);
  const assessEntry = createAssessEntry(context);

  async function add(input: AddEntryInput): Promise<Result<EntryAdded, CommandError>> {
    const { guildId, type, confirmed, trustedProxies = [] } = input;
    if (!(await storage.bundle(guildId))) return fail({ code: 'guild-not-found', guildId });
    const read = await subjects.read(guildId, type, input.value);
    if (!read.ok) return read;
    const subject = read.value;
    const reason = readText('reason', input.reason ?? null);
    if (!reason.ok) return reason;
    const end = readEnd(type, input.for, clock());
    if (!end.ok) return end;
    const assessment = await assessEntry(guildId, subject, trustedProxies);
    if (!(await isConfirmed(guildId, subject, assessment, confirmed))) {
      return fail({ code: 'blacklist-unconfirmed', assessment });
    }
    const entry = {
      type,
      value: subject.value,
      match: subject.match,
      key: subject.key,
      reason: reason.value,
      expiresAt: end.value,
      createdBy: actorText(input.actor),
    };
    const roles = await rolesOfHelper(guildId, entry);
    const added = await storage.addBlacklistEntry(guildId, entry, (made) => ({
      audit: [auditEvent(input, 'blacklist.added', `blacklist:${made.id}`, entryDetails(made))],
      effects: roles,
    }));
    return succeed({ ...added, impact: assessment.impact });
  }

  /** A blacklisted user has no roles of licenses that are shared with them; other users lose and get none. */
  async function rolesOfHelper(guildId: string, { type, value }: Pick<BlacklistEntry, 'type' | 'value'>) {
    const isHelper = type === 'user' && (await licensesHelpedIn(storage, guildId, value)).length > 0;
    return roleEffects(isHelper ? value : null);
  }

  /** A typed text confirms if it means the same as the value, however it is written. */
  async function isConfirmed(
    guildId: string,
    subject: BlacklistSubject,
    { concerns, confirmWith }: BlacklistAssessment,
    confirmed: AddEntryInput['confirmed'],
  ): Promise<boolean> {
    if (concerns.length === 0) return true;
    if (typeof confirmed !== 'string') return confirmed === true && confirmWith === null;
    const typed = await subjects.read(guildId, subject.type, confirmed);
    return typed.ok && typed.value.match === subject.match && typed.value.key === subject.key;
  }

  async function assess(
    guildId: string,
    type: BlacklistType,
    value: string,
  ): Promise<Result<BlacklistAssessment, CommandError>> {
    const subject = await subjects.read(guildId, type, value);
    return subject.ok ? succeed(await assessEntry(guildId, subject.value, [])) : subject;
  }

  async function find(
    guildId: string,
    type: BlacklistType,
    value: string,
  ): Promise<Result<BlacklistEntry, CommandError>> {
    const subject = await subjects.read(guildId, type, value);
    if (!subject.ok) return subject;
    const entry = await subjects.entryFor(guildId, subject.value);
    return entry ? succeed(entry) : fail({ code: 'blacklist-not-found' });
  }

  const remove: BlacklistService['remove'] = async (input) => {
    const audit = [auditEvent(input, 'blacklist.removed', `blacklist:${input.id}`)];
    const removed = await storage.removeBlacklistEntry(input.guildId, input.id, { audit, effects: [] });
    if (!removed) return fail({ code: 'blacklist-not-found' });
    const roles = await rolesOfHelper(input.guildId, removed);
    if (roles.length > 0) await storage.addEffects(input.guildId, roles);
    return succeed(removed);
  };

  const undo: BlacklistService['undo'] = async ({ entry, replaced, ...by }) => {
    if (!replaced) return remove({ ...by, id: entry.id });
    const { type, value, match, reason, expiresAt, createdBy } = replaced;
    const before = { type, value, match, reason, expiresAt, createdBy, key: null };
    const added = await storage.addBlacklistEntry(by.guildId, before, (made) => ({
      audit: [auditEvent(by, 'blacklist.added', `blacklist:${made.id}`, { ...entryDetails(made), undone: true })],
      effects: [],
    }));
    return succeed(added.entry);
  };

  async function check(guildId: string, text: string): Promise<readonly BlacklistEntry[]> {
    const now = clock();
    const read = await Promise.all(blacklistTypes.map((type) => subjects.read(guildId, type, text)));
    const found = await Promise.all(
      read.flatMap((subject) => (subject.ok ? [matching(guildId, subject.value, now)] : [])),
    );
    return found.filter((entry) => entry !== null).filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  }

  /** The entry that denies the subject. Only the store can look up a key. */
  async function matching(guildId: string, subject: BlacklistSubject, now: Date): Promise<BlacklistEntry | null> {
    const { type, match } = subject;
    if (type === 'key' || match === null) return subjects.entryFor(guildId, subject);
    if (type !== 'ip') return findDenyingEntry(storage, guildId, type, [match], now);
    const network = networkOf(match);
    return findDenyingEntry(storage, guildId, type, network ? rangeMatches(network) : ipMatches([subject.value]), now);
  }

  return {
    add,
    assess,
    remove,
    find,
    undo,
    check,
    list: (guildId, type, page) => storage.blacklist(guildId, type === null ? {} : { type }, page),
    count: (guildId) => storage.countBlacklist(guildId),
  };
}

function readEnd(type: BlacklistType, text: string | undefined, now: Date): Result<Date | null, CommandError> {
  if (text === undefined) return succeed(type === 'ip' ? addDays(now, ipDays) : null);
  const durationMs = parseDuration(text);
  if (durationMs !== null) return succeed(new Date(now.getTime() + durationMs));
  const ending = parseExpiry(text, now);
  if (!ending.ok) return fail({ code: 'invalid-expiry', problem: ending.error });
  const { expiry, expiresAt } = ending.value;
  return expiry.type === 'duration' ? fail({ code: 'invalid-duration', text }) : succeed(expiresAt);
}

/** The details of an entry's audit event; the value of a key is its masked suffix. */
function entryDetails({ type, value, expiresAt }: BlacklistEntry): Readonly<Record<string, unknown>> {
  return { type, value, expiresAt };
}
