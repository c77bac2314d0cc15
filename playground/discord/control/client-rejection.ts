/** Why a Discord client would not even send what a user tries. */
export type RefusalReason =
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

/** Thrown at the user: Discord's own client refuses, the bot never hears of it. */
export class ClientRefusal extends Error {
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(`${reason}: ${message}`);
    this.reason = reason;
  }
}
