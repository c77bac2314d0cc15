import { actorText } from '../domain/actor.ts';
import { canonicalAddress } from '../domain/values/address.ts';
import {
  type BlacklistEntry,
  type BlacklistType,
  type BlacklistValue,
  createBlacklistIndex,
  normaliseBlacklistValue,
} from '../domain/blacklist.ts';
import { addDays } from '../domain/values/calendar.ts';
import { alpha3 } from '../domain/values/countries.ts';
import { parseDuration, parseExpiry } from '../domain/expiry.ts';
import { readText } from '../domain/values/read-fields.ts';
import { parseSnowflake } from '../domain/values/ids.ts';
import { keyReadings, normaliseKey } from '../domain/values/key-format.ts';
import type { CommandError } from '../domain/command-error.ts';
import { type Result, fail, succeed } from '../domain/values/result.ts';
import { foldText } from '../domain/values/text.ts';
import type { Page } from '../storage/port/page.ts';
import type { By, ServiceContext } from './context.ts';
import { findByTypedKey } from './licenses/typed-key.ts';
import { auditEvent } from './trail.ts';

/** How many licenses and owners an entry affects. null: that cannot be counted, as for countries. */
export interface Impact {
  readonly licenses: number | null;
  readonly owners: number | null;
}

interface AddEntryInput extends By {
  readonly type: BlacklistType;
  readonly value: string;
  readonly reason?: string | null | undefined;
  /** `7d`, a date, or `never`. Left out: 30 days for an IP, never for the other types. */
  readonly for?: string | undefined;
}

export interface EntryAdded {
  readonly entry: BlacklistEntry;
  /** The entry that stood for the same value before; `undo` restores its reason and end. */
  readonly replaced: BlacklistEntry | null;
  readonly impact: Impact;
  readonly effectIds: readonly number[];
}

export interface BlacklistService {
  /**
   * Adds an entry, or replaces the one for the same value. Fails with blacklist-value-invalid, invalid-expiry,
   * invalid-duration, text-too-long or guild-not-found.
   */
  add(input: AddEntryInput): Promise<Result<EntryAdded, CommandError>>;
  /** How many licenses and owners such an entry would affect. Changes nothing. Fails with blacklist-value-invalid. */
  preview(guildId: string, type: BlacklistType, value: string): Promise<Result<Impact, CommandError>>;
  /** Fails with blacklist-not-found. */
  remove(input: By & { readonly id: number }): Promise<Result<BlacklistEntry, CommandError>>;
  /** The entry for exactly this value. Fails with blacklist-not-found or blacklist-value-invalid. */
  find(guildId: string, type: BlacklistType, value: string): Promise<Result<BlacklistEntry, CommandError>>;
  /** Undoes an `add`: removes the entry, or restores the one it replaced. */
  undo(
    input: By & { readonly entry: BlacklistEntry; readonly replaced: BlacklistEntry | null },
  ): Promise<Result<BlacklistEntry, CommandError>>;
  list(guildId: string, type: BlacklistType | null, page: Page): Promise<readonly BlacklistEntry[]>;
  count(guildId: string): Promise<number>;
  /** The entries in force that match the text as an address, HWID, user, country or key. */
  check(guildId: string, text: string): Promise<readonly BlacklistEntry[]>;
}

/** Providers assign addresses to other customers, so an IP is blacklisted for 30 days unless `for` says otherwise. */
const ipDays = 30;

/** What an entry is about. */
interface Subject extends BlacklistValue {
  /** The whole key where the type is `key`, else null. */
  readonly key: string | null;
}

export function createBlacklistService({ storage, clock }: ServiceContext): BlacklistService {
  /** Reads the value of an entry. Fails where a typed key may mean several licenses. */
  async function readSubject(
    guildId: string,
    type: BlacklistType,
    text: string,
  ): Promise<Result<Subject, CommandError>> {
    const licenses = type === 'key' ? await findByTypedKey(storage, guildId, text) : [];
    if (licenses.length > 1) return fail({ code: 'license-ambiguous', licenseIds: licenses.map(({ id }) => id) });
    const [key = null] = type === 'key' ? await keysOf(guildId, text) : [];
    const value = normaliseBlacklistValue(type, key ?? text);
    return value.ok
      ? succeed({ ...value.value, key })
      : fail({ code: 'blacklist-value-invalid', problem: value.error });
  }

  /** The keys of the licenses that a typed key may mean, and the text itself, which need not be a license's key. */
  async function keysOf(guildId: string, text: string): Promise<readonly string[]> {
    const licenses = await findByTypedKey(storage, guildId, text);
    const keys = await Promise.all(licenses.map(({ id }) => storage.licenseKey(guildId, id)));
    const all = [...keys, ...keyReadings(text).map(normaliseKey)];
    return [...new Set(all)].filter((key) => key !== null);
  }

  async function add(input: AddEntryInput): Promise<Result<EntryAdded, CommandError>> {
    const { guildId, type } = input;
    if (!(await storage.bundle(guildId))) return fail({ code: 'guild-not-found', guildId });
    const subject = await readSubject(guildId, type, input.value);
    if (!subject.ok) return subject;
    const reason = readText('reason', input.reason ?? null);
    if (!reason.ok) return reason;
    const end = readEnd(type, input.for, clock());
    if (!end.ok) return end;
    const entry = {
      ...subject.value,
      type,
      reason: reason.value,
      expiresAt: end.value,
      createdBy: actorText(input.actor),
    };
    const added = await storage.addBlacklistEntry(guildId, entry, (made) => ({
      audit: [auditEvent(input, 'blacklist.added', `blacklist:${made.id}`, entryDetails(made))],
      effects: [],
    }));
    return succeed({ ...added, impact: await impactOf(guildId, type, subject.value) });
  }

  async function impactOf(guildId: string, type: BlacklistType, subject: Subject): Promise<Impact> {
    switch (type) {
      case 'ip':
        return storage.countWithBinding(guildId, 'ip', ipMatcher(guildId, subject, clock()));
      case 'hwid':
        return storage.countWithBinding(guildId, 'hwid', (value) => foldText(value) === subject.match);
      case 'user': {
        const licenses = await storage.countLicensesBy(guildId, { ownerId: subject.value });
        return { licenses, owners: licenses > 0 ? 1 : 0 };
      }
      case 'key': {
        const license = subject.key === null ? null : await storage.license(guildId, { key: subject.key });
        if (!license || license.deletedAt) return { licenses: 0, owners: 0 };
        return { licenses: 1, owners: license.ownerId === null ? 0 : 1 };
      }
      case 'country':
        return { licenses: null, owners: null };
    }
  }

  async function preview(guildId: string, type: BlacklistType, value: string): Promise<Result<Impact, CommandError>> {
    const subject = await readSubject(guildId, type, value);
    return subject.ok ? succeed(await impactOf(guildId, type, subject.value)) : subject;
  }

  async function find(
    guildId: string,
    type: BlacklistType,
    value: string,
  ): Promise<Result<BlacklistEntry, CommandError>> {
    if (type === 'key') {
      for (const key of await keysOf(guildId, value)) {
        const entry = await storage.blacklistEntry(guildId, { type, key });
        if (entry) return succeed(entry);
      }
      return fail({ code: 'blacklist-not-found' });
    }
    const subject = normaliseBlacklistValue(type, value);
    if (!subject.ok) return fail({ code: 'blacklist-value-invalid', problem: subject.error });
    const entry = await storage.blacklistEntry(guildId, { type, match: subject.value.match ?? '' });
    return entry ? succeed(entry) : fail({ code: 'blacklist-not-found' });
  }

  const remove: BlacklistService['remove'] = async (input) => {
    const audit = [auditEvent(input, 'blacklist.removed', `blacklist:${input.id}`)];
    const removed = await storage.removeBlacklistEntry(input.guildId, input.id, { audit, effects: [] });
    return removed ? succeed(removed) : fail({ code: 'blacklist-not-found' });
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
    const bundle = await storage.bundle(guildId);
    if (!bundle) return [];
    const { blacklist } = bundle;
    const now = clock();
    const keyEntries = (await keysOf(guildId, text)).map((key) =>
      storage.blacklistEntry(guildId, { type: 'key', key }),
    );
    const found = [
      blacklist.findIp([canonicalAddress(text) ?? text.trim()], now),
      blacklist.find('hwid', foldText(text), now),
      blacklist.find('user', parseSnowflake(text) ?? '', now),
      blacklist.find('country', alpha3(text) ?? '', now),
      ...(await Promise.all(keyEntries)),
    ];
    return found.filter((entry) => entry !== null).filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  }

  return {
    add,
    preview,
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

/** Whether a bound address would be blacklisted by this subject, decided as a check decides it. */
function ipMatcher(guildId: string, { value, match }: Subject, now: Date): (bound: string) => boolean {
  const entry = { id: 0, guildId, type: 'ip', value, match: match ?? '', reason: null, expiresAt: null } as const;
  const index = createBlacklistIndex([{ ...entry, hits: 0, createdAt: now, createdBy: '' }]);
  return (bound) => index.findIp([bound], now) !== null;
}

/** The details of an entry's audit event; the value of a key is its masked suffix. */
function entryDetails({ type, value, expiresAt }: BlacklistEntry): Readonly<Record<string, unknown>> {
  return { type, value, expiresAt };
}
