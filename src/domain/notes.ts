/*
 * The store keeps small texts under names (`Coordination.note`). A process with one role writes what a process with
 * another role reads, so every name stands here, once.
 */

/** Where a server that chose its port itself listens: an address without a trailing slash. */
export const addressNote = 'http.address';

/** The last proxy that sent forwarding headers without being declared: `<instant> <address>`. */
export const proxyNote = 'http.undeclared-proxy';

/** How far the log shipper has posted: JSON with the id of an attempt in `attempt`. */
export const logCursorNote = 'log-cursor';

/** How many DMs the bot has started lately, as JSON. */
export const dmPaceNote = 'dm-pace';

/** Set once the bot has written to this user: a later DM is no first contact. */
export const dmContactNote = (userId: string) => `dm-known:${userId}`;

/** The hash of the slash commands that Discord has for this application: the global ones, or those of one guild. */
export const registeredCommandsNote = (applicationId: string, guildId: string | null) =>
  `commands:${applicationId}${guildId === null ? '' : `:${guildId}`}`;

/** State of a dialog that is too large for a custom id; each person has a few numbered slots. */
export const savedStateNote = (userId: string, slot: string) => `saved-state:${userId}:${slot}`;

/** The id of the last effect that the last role reconciliation of this guild queued. */
export const roleReconciliationNote = (guildId: string) => `roles.last-effect.${guildId}`;
