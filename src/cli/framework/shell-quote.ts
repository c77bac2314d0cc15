const plain = /^[\w@%+=:,./-]+$/;

/** One word of a command line, for the shell that people of this platform have: sh, or cmd. */
export function shellQuote(word: string, platform: NodeJS.Platform): string {
  if (plain.test(word)) return word;
  if (platform === 'win32') return `"${word.replaceAll('"', '\\"')}"`;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
