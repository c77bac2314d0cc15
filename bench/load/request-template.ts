/**
 * A request whose bytes are the same for every license but for a few places, which all have a fixed width. So the load
 * client prepares one buffer for each connection and writes into it, however many keys are asked.
 */
export interface RequestTemplate {
  /** The whole request. `#####` stands for the number of the license, and `%%%%%%%%` for a number that no other has. */
  readonly text: string;
  /** The status of the answer, and a part of its body: any other answer is a failure. */
  readonly status: number;
  readonly marker: string;
}

/** License numbers are written in the 32 characters of license keys. */
const digits = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const numberWidth = 5;
const uniqueWidth = 8;

/** The license number as it stands in keys and hardware ids. */
export function numberText(number: number): string {
  let text = '';
  for (let rest = number; text.length < numberWidth; rest = Math.floor(rest / digits.length)) {
    text = digits.charAt(rest % digits.length) + text;
  }
  return text;
}

export interface PreparedRequest {
  readonly bytes: Buffer;
  /** Writes the numbers into `bytes`. */
  fill(license: number, unique: number): void;
}

/** A buffer of a template's bytes for one connection. */
export function prepareRequest({ text }: RequestTemplate): PreparedRequest {
  const bytes = Buffer.from(text, 'latin1');
  const numbersAt = placesOf(text, '#'.repeat(numberWidth));
  const uniquesAt = placesOf(text, '%'.repeat(uniqueWidth));
  return {
    bytes,
    fill: (license, unique) => {
      if (numbersAt.length > 0) writeAt(bytes, numbersAt, numberText(license));
      if (uniquesAt.length > 0) writeAt(bytes, uniquesAt, String(unique).padStart(uniqueWidth, '0'));
    },
  };
}

function placesOf(text: string, placeholder: string): readonly number[] {
  const places: number[] = [];
  for (let at = text.indexOf(placeholder); at !== -1; at = text.indexOf(placeholder, at + 1)) places.push(at);
  return places;
}

function writeAt(bytes: Buffer, places: readonly number[], text: string): void {
  for (const at of places) bytes.write(text, at, 'latin1');
}
