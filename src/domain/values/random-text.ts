/**
 * A random text of these characters. Each is equally likely, because random bytes that would favour some characters are
 * thrown away. The alphabet has 1 to 256 characters.
 */
export function randomText(alphabet: string, length: number, randomBytes: (count: number) => Uint8Array): string {
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < fair) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
