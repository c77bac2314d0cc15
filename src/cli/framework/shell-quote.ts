const plain = /^[\w@%+=:,./-]+$/;

/** One word of a command line, quoted for the usual shell of the platform: cmd on Windows, sh elsewhere. */
export function shellQuote(word: string, platform: NodeJS.Platform): string {
  if (plain.test(word)) return word;
  if (platform === 'win32') return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
