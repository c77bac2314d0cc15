/** Why Discord's own client would not send an action of a user. */
export type RejectionReason =
  | 'unknown-command'
  | 'not-permitted'
  | 'not-here'
  | 'unknown-option'
  | 'missing-option'
  | 'wrong-option'
  | 'unknown-component'
  | 'disabled'
  | 'wrong-value'
  | 'not-visible'
  | 'no-access';

/**
 * Thrown by the actions of a `User` that Discord's own client would reject before it sends anything, such as a command
 * that is hidden from the user. The bot receives nothing.
 */
export class ClientRejection extends Error {
  readonly reason: RejectionReason;

  constructor(reason: RejectionReason, message: string) {
    super(`${reason}: ${message}`);
    this.reason = reason;
  }
}
