/** How a sentence shows what is not its own. Discord reads marks in a text; the command line and HTTP show it as it is. */
export interface TextFormat {
  /** A text that a user, a staff member or a client wrote, such as a name. */
  readonly quote: (text: string) => string;
  readonly instant: (at: Date) => string;
}
