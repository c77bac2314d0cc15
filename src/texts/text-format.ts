/** How a sentence shows what is not its own. Discord reads marks in a text; the command line and HTTP show it as it is. */
export interface TextFormat {
  /** A text that a user, a staff member or a client wrote, such as a name. */
  readonly quote: (text: string) => string;
  readonly instant: (at: Date) => string;
}

/** An instant where no reader's zone is known: `2027-01-31 23:59 UTC`. */
export function utcInstant(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
