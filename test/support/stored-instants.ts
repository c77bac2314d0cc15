/**
 * What it means when a stored instant lies in the future, where only a clock that was ahead can have written it:
 *
 * - `none`: it counts as none once it lies later than now plus the time for which it matters.
 * - `chosen`: staff chose it, and it may lie in the future. It counts by the clock as it is now.
 * - `kept`: the only thing that happens by it is a removal, which then comes later.
 * - `shown`: it is only shown, or only whether there is one counts.
 */
type Future = 'none' | 'chosen' | 'kept' | 'shown';

interface StoredInstant {
  /** Columns of the embedded store, as `table.column`. */
  readonly sqlite: readonly string[];
  /** Paths of MongoDB's schemas, as `model.path`; of mixed data the path that holds it. */
  readonly mongo: readonly string[];
  readonly future: Future;
  /** The test in which the clock is set under it: its file and the beginning of its title. */
  readonly test: readonly [file: string, title: string];
}

const contract = (title: string) => ['test/contract/parts/clock.ts', title] as const;
const shown = contract('what was made then is found and works');
const kept = contract('nothing that happened then is removed as old');
const chosen = contract('ends that were chosen count by the clock as it is');

/** Every instant that a store holds. A new one needs a line here, and a test. */
export const storedInstants: readonly StoredInstant[] = [
  {
    sqlite: ['leases.expires_at'],
    mongo: ['leases.expiresAt'],
    future: 'none',
    test: contract('a lease of a holder that died can be taken'),
  },
  { sqlite: ['alerts.at'], mongo: ['alerts.at'], future: 'none', test: contract('an alert is raised again') },
  { sqlite: ['effects.due_at'], mongo: ['effects.dueAt'], future: 'none', test: contract('an effect is due at once') },
  {
    sqlite: ['effects.claimed_at'],
    mongo: ['effects.claimedAt'],
    future: 'none',
    test: contract('the claim of a process that died is free'),
  },
  {
    sqlite: ['slots.last_seen'],
    mongo: ['licenses.slots'],
    future: 'none',
    test: contract('the slot of a machine that is gone goes to the next one'),
  },
  {
    sqlite: ['observed_values.last_seen'],
    mongo: ['observedValues.lastSeenAt'],
    future: 'none',
    test: contract('an observed value is seen again at its true time'),
  },
  {
    sqlite: ['licenses.points_refilled_at'],
    mongo: ['licenses.points'],
    future: 'none',
    test: ['test/unit/domain/points.test.ts', 'are counted from now after the clock was ahead'],
  },
  {
    sqlite: ['licenses.owner_resets'],
    mongo: ['licenses.ownerResets'],
    future: 'none',
    test: ['test/unit/domain/resets.test.ts', 'a reset further in the future than its window counts as none in it'],
  },
  {
    sqlite: ['licenses.replacements'],
    mongo: ['licenses.replacements'],
    future: 'none',
    test: ['test/unit/domain/slot-replacement.test.ts', 'one was by a clock that was ahead'],
  },
  {
    sqlite: ['licenses.created_at'],
    mongo: ['licenses.createdAt'],
    future: 'none',
    test: contract('licenses made then do not count towards the limit of a day'),
  },
  {
    sqlite: ['audit.at'],
    mongo: ['audit.at'],
    future: 'none',
    test: ['test/services/reset-license.test.ts', 'after the clock was %i hours ahead is possible'],
  },
  { sqlite: [], mongo: ['audit.storedAt'], future: 'none', test: contract('the log goes on with what happens') },
  {
    sqlite: [],
    mongo: ['guilds', 'products', 'licenses', 'batches', 'apiKeys', 'blacklist', 'customers', 'effects'].map(
      (model) => `${model}.outbox`,
    ),
    future: 'none',
    test: ['test/contract/mongo-clock.test.ts', 'as outbox entries, others carry out'],
  },
  {
    // The names of reservations begin with an instant.
    sqlite: [],
    mongo: ['licenses.unpublished', 'batches._id'],
    future: 'none',
    test: ['test/contract/mongo-clock.test.ts', 'as reserved licenses after %i writes'],
  },
  {
    // The ids of attempts are made of the time, and the log shipper reads by them.
    sqlite: [],
    mongo: ['attempts._id'],
    future: 'none',
    test: contract('the log goes on with what happens'),
  },
  {
    sqlite: ['licenses.expires_at'],
    mongo: ['licenses.expiresAt'],
    future: 'chosen',
    test: [
      'test/services/upkeep.test.ts',
      'a license that a clock that was ahead took for expired gets its roles back',
    ],
  },
  { sqlite: ['api_keys.expires_at'], mongo: ['apiKeys.expiresAt'], future: 'chosen', test: chosen },
  { sqlite: ['blacklist.expires_at'], mongo: ['blacklist.expiresAt'], future: 'chosen', test: chosen },
  { sqlite: ['attempts.at'], mongo: ['attempts.at'], future: 'kept', test: kept },
  { sqlite: ['attempt_counts.minute'], mongo: ['attemptCounts.minute'], future: 'kept', test: kept },
  { sqlite: ['attempt_statistics.start'], mongo: ['attemptStatistics.start'], future: 'kept', test: kept },
  {
    sqlite: [],
    mongo: ['meta.copiedAt'],
    future: 'kept',
    test: ['test/contract/mongo-attempts.test.ts', 'that were copied after a clock was set back are found by result'],
  },
  { sqlite: ['rejected_requests.minute'], mongo: ['rejectedRequests.minute'], future: 'kept', test: kept },
  { sqlite: ['licenses.deleted_at'], mongo: ['licenses.deletedAt'], future: 'kept', test: kept },
  { sqlite: ['products.deleted_at'], mongo: ['products.deletedAt'], future: 'kept', test: kept },
  { sqlite: ['effects.created_at'], mongo: ['effects.createdAt'], future: 'kept', test: kept },
  { sqlite: ['guilds.created_at'], mongo: ['guilds.createdAt'], future: 'shown', test: shown },
  { sqlite: ['products.created_at'], mongo: ['products.createdAt'], future: 'shown', test: shown },
  { sqlite: ['releases.created_at'], mongo: ['products.releases'], future: 'shown', test: shown },
  { sqlite: ['licenses.holds'], mongo: ['licenses.holds'], future: 'shown', test: shown },
  { sqlite: ['licenses.updated_at'], mongo: ['licenses.updatedAt'], future: 'shown', test: shown },
  {
    sqlite: ['customers.created_at', 'customers.updated_at'],
    mongo: ['customers.createdAt', 'customers.updatedAt'],
    future: 'shown',
    test: shown,
  },
  { sqlite: ['products.updated_at'], mongo: ['products.updatedAt'], future: 'shown', test: shown },
  { sqlite: ['licenses.activated_at'], mongo: ['licenses.activatedAt'], future: 'shown', test: shown },
  {
    sqlite: ['api_keys.created_at', 'api_keys.revoked_at'],
    mongo: ['apiKeys.createdAt', 'apiKeys.revokedAt'],
    future: 'shown',
    test: shown,
  },
  { sqlite: ['blacklist.created_at'], mongo: ['blacklist.createdAt'], future: 'shown', test: shown },
  {
    sqlite: ['slots.first_seen', 'observed_values.first_seen'],
    mongo: ['observedValues.firstSeenAt'],
    future: 'shown',
    test: contract('an observed value is seen again at its true time'),
  },
  {
    sqlite: ['slots.released_at', 'observed_values.released_at'],
    mongo: ['observedValues.releasedAt'],
    future: 'shown',
    test: ['test/services/reset-license.test.ts', 'after the clock was %i hours ahead is possible'],
  },
];

/** Mixed data of MongoDB in which there is no instant. */
export const mixedWithoutInstants: readonly string[] = [
  'meta.copy',
  'bundleVersion.changeLog',
  'guilds.settings',
  'guilds.systemKeys',
  'products.limits',
  'products.names',
  'products.features',
  'products.metadata',
  'licenses.furtherProductIds',
  'licenses.helperIds',
  'licenses.features',
  'licenses.metadata',
  'licenses.expiry',
  'licenses.limits',
  'licenses.forgetAfter',
  'licenses.owner',
  'attempts.replaced',
  ...['identities', 'identityKeys', 'metadata', 'movedLicenseIds', 'merges'].map((path) => `customers.${path}`),
  'effects.effect',
  // Notes: see `instantsInNotes`.
  'leases.notes',
];

/** The tests of the instants in notes, by what domain/notes.ts exports; null: there is none in it. */
export const instantsInNotes: Readonly<Record<string, readonly [file: string, title: string] | null>> = {
  addressNote: null,
  claimNote: null,
  jobNote: ['test/jobs/scheduler.test.ts', 'when the last process died keeps no job from running'],
  clockNote: ['test/services/clock.test.ts', 'to before the newest entry is doubted'],
  proxyNote: ['test/cli/doctor.test.ts', 'an undeclared proxy is a problem for a day'],
  logCursorNote: ['test/discord/log-shipper.test.ts', 'counts go on after the clock was ahead'],
  dmPaceNote: ['test/discord/dm-queue.test.ts', 'after the clock was %s ahead neither turns, contacts nor a pause'],
  dmContactNote: null,
  // Its instants are only shown.
  missedPostsNote: null,
  registeredCommandsNote: null,
  trustedProxiesNote: null,
  savedStateNote: ['test/discord/saved-states.test.ts', 'a state of a clock that was ahead is over'],
  roleReconciliationNote: null,
};
