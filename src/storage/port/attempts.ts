import type { Attempt, Protocol } from '../../domain/attempt.ts';
import type { AttemptResult } from '../../domain/denial.ts';
import type { Page } from './page.ts';

/** Which attempts of a guild are listed: those that match every field that is there. */
export interface AttemptQuery {
  readonly licenseId?: number;
  /** `denied` matches every result but `granted`. */
  readonly result?: AttemptResult | 'denied';
  readonly protocol?: Protocol;
  /** The declared or the observed address, exact. */
  readonly ip?: string;
  readonly hwid?: string;
  readonly productId?: number;
  /** At or after this instant. */
  readonly since?: Date;
  /** True: quiet attempts are listed too. False or left out: they are omitted. */
  readonly quiet?: boolean;
}

/** Attempts of one guild, protocol, result and minute that were not stored one by one but counted. */
export interface AttemptCount {
  readonly guildId: string;
  /** The start of the minute. */
  readonly minute: Date;
  readonly protocol: Protocol;
  readonly result: AttemptResult;
  readonly count: number;
}

/** How many attempts of one guild there were in one hour or UTC day, stored ones and those that were only counted. */
export interface AttemptStatistic {
  readonly guildId: string;
  readonly period: StatisticPeriod;
  /** The start of the hour or day. */
  readonly start: Date;
  readonly protocol: Protocol;
  /** The product of the license or the one that the client named; null: neither is known. */
  readonly productId: number | null;
  readonly result: AttemptResult;
  readonly count: number;
}

export type StatisticPeriod = 'hour' | 'day';

/** Reading the attempts that `Checks.decide` stored. */
export interface Attempts {
  /** The guild's attempts that match the query, newest first. */
  attempts(guildId: string, query: AttemptQuery, page: Page): Promise<readonly Attempt[]>;
  /**
   * At most `limit` attempts of all guilds whose id is greater than `id`, by ascending id. An attempt is returned only
   * once no attempt with a lower id can still be committed, so a reader that continues after the last id misses none.
   * Where ids follow the clock (MongoDB), an id of the future stands for that of a minute ago, so that a reader goes on
   * after the clock was ahead.
   */
  attemptsAfter(id: number, limit: number): Promise<readonly Attempt[]>;
  /** The guild's counted attempts of the minutes that began at or after `since`, oldest first. */
  attemptCounts(guildId: string, since: Date): Promise<readonly AttemptCount[]>;
  /**
   * The guild's statistics of the periods that began at or after `since`, oldest first. They hold no personal data and
   * outlive the attempts: see `deleteStatisticsBefore`.
   */
  attemptStatistics(guildId: string, period: StatisticPeriod, since: Date): Promise<readonly AttemptStatistic[]>;
  /**
   * The number of distinct licenses that were granted for the product since the instant with a version that `isDenied`
   * holds for. The client named no version: null.
   */
  countClients(
    guildId: string,
    productId: number,
    since: Date,
    isDenied: (version: string | null) => boolean,
  ): Promise<number>;
}
