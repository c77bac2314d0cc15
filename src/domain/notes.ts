/*
 * The names of notes: small texts in the store by which processes share state (`Coordination.note`). A process with one
 * role writes what a process with another role reads, so every name is defined once, here.
 */

/** The address, without a trailing slash, of a server that chose its port itself. */
export const addressNote = 'http.address';

/** The last planned instant for which any process ran the job; also the name of the lease of the job. */
export const jobNote = (job: string) => `job.${job}`;

/** The last instant at which the clock was believed, as ISO text. */
export const clockNote = 'clock.last-believed';

/** The last proxy that kept sending forwarding headers without being declared: `<instant> <address>`. */
export const proxyNote = 'http.undeclared-proxy';

/** The trusted proxies of the server that started last, as in `http.trustedProxies`, with commas between them. */
export const trustedProxiesNote = 'http.trusted-proxies';

/** How far the log shipper has posted to Discord: JSON with the id of the last attempt in `attempt`. */
export const logCursorNote = 'log-cursor';

/** What the log channels of this guild have missed since they last took a post, as JSON; services/log-channels.ts. */
export const missedPostsNote = (guildId: string) => `log-posts-missed.${guildId}`;

/** How many DMs the bot has started within the last hour, as JSON. */
export const dmPaceNote = 'dm-pace';

/** Set once the bot has sent this user a DM, so that later ones are no first contacts. */
export const dmContactNote = (userId: string) => `dm-known:${userId}`;

/** The hash of the slash commands that Discord has for this application: the global ones, or those of one guild. */
export const registeredCommandsNote = (applicationId: string, guildId: string | null) =>
  `commands:${applicationId}${guildId === null ? '' : `:${guildId}`}`;

/** The state of a dialog that is too large for a custom id. Each user has a few numbered slots. */
export const savedStateNote = (userId: string, slot: string) => `saved-state:${userId}:${slot}`;

/** The id of the last effect that the last role reconciliation of this guild queued. */
export const roleReconciliationNote = (guildId: string) => `roles.last-effect.${guildId}`;

/**
 * What a member was given once and for ever, such as a product's trial. All names of a guild begin with
 * `claimNote(guildId, '')`.
 */
export const claimNote = (guildId: string, claim: string) => `claim:${guildId}:${claim}`;
