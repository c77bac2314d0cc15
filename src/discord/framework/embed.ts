import type { APIEmbed, APIEmbedField } from 'discord.js';
import { ellipsize } from '../texts/ellipsize.ts';

const tones = { plain: 0x5865f2, good: 0x3ba55d, warning: 0xfaa61a, bad: 0xed4245, quiet: 0x4f545c } as const;
export type Tone = keyof typeof tones;

export interface Card {
  readonly title?: string;
  /** Joined by line breaks; lines that do not fit are counted in the last one. */
  readonly lines?: readonly string[];
  /** Name and value; empty values are left out. */
  readonly fields?: readonly (readonly [name: string, value: string, inline?: boolean])[];
  readonly footer?: string;
  readonly imageUrl?: string | null;
  readonly url?: string | null;
  readonly at?: Date;
  readonly tone?: Tone;
}

const maxEmbedLength = 6000;

/** One embed within Discord's limits: each part, and 6,000 characters in all. User text must come escaped. */
export function embed({ title, lines = [], fields = [], footer, imageUrl, url, at, tone = 'plain' }: Card): APIEmbed {
  const heading = ellipsize(title ?? '', 256);
  const foot = ellipsize(footer ?? '', 500);
  let room = maxEmbedLength - heading.length - foot.length;

  const description = fitLines(lines, Math.min(4096, room));
  room -= description.length;

  const shown: APIEmbedField[] = [];
  for (const [name, value, inline = true] of fields) {
    const field = { name: ellipsize(name, 256), value: ellipsize(value, 1024), inline };
    if (value === '' || field.name.length + field.value.length > room || shown.length === 25) continue;
    room -= field.name.length + field.value.length;
    shown.push(field);
  }
  return {
    color: tones[tone],
    ...(heading && { title: heading }),
    ...(description && { description }),
    ...(shown.length > 0 && { fields: shown }),
    ...(foot && { footer: { text: foot } }),
    ...(imageUrl && { thumbnail: { url: imageUrl } }),
    ...(url && { url }),
    ...(at && { timestamp: at.toISOString() }),
  };
}

/** As many whole lines as fit into `maxLength` characters; a last line counts the others: "… and 12 more". */
export function fitLines(lines: readonly string[], maxLength: number): string {
  const whole = lines.join('\n');
  if (whole.length <= maxLength) return whole;
  const fitting: string[] = [];
  let length = '\n… and 9999 more'.length;
  for (const line of lines) {
    if (length + line.length + 1 > maxLength) break;
    length += line.length + 1;
    fitting.push(line);
  }
  if (fitting.length === 0) return ellipsize(whole, maxLength);
  return [...fitting, `… and ${lines.length - fitting.length} more`].join('\n');
}
