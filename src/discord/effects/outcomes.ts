/** How effects end: `StoredEffect.outcome`, where the replies to staff depend on it. All others are sentences. */
export const outcomes = {
  /** The DM has arrived. */
  sent: 'sent',
  /** The user is in the server and accepts no messages from it. */
  closed: 'closed',
  /** The user is in no server with the bot, so Discord lets it send nothing. */
  absent: 'not in the server',
  /** The same of a key, which is sent later. */
  keyWaits: 'not in the server, so the key follows when they join',
  /** What the DM was about is no longer so. */
  outdated: 'nothing left to tell',
  /** The user earns roles and is not in the server. */
  noMember: 'not a member',
  /** The user is not in the server, and earns no roles either. */
  noMemberNoRoles: 'not a member, and earns no roles',
} as const;
