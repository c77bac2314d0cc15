/**
 * Whether a text may be signed with a challenge key. Clients choose what they want signed, so texts of Latchkey's own
 * protocols begin with this prefix, and no client gets a signature of one.
 */
export function isSignableChallenge(text: string): boolean {
  return !text.startsWith('latchkey-');
}
