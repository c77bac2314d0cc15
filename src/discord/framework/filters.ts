import type { APIEmbed } from 'discord.js';
import { fullTime, mentionUser } from '../texts/phrases.ts';

/*
 * The filters of a list stand in the message that shows it. There they are readable, may be longer than a custom id, and
 * still exist when a user turns the page after a restart. Only the bot can write them. What people typed stands in the
 * footer, where Discord shows it as it is; a field shows users by name and instants in the reader's zone.
 */

export type Filters = Readonly<Record<string, string | null>>;

const fieldName = 'Filters';

/** How Discord shows the values of these filters, and the value in such a text. */
const shown: Readonly<
  Record<string, { readonly show: (value: string) => string; readonly read: (text: string) => string }>
> = {
  owner: { show: mentionUser, read: (text) => text.replace(/\D/g, '') },
  person: { show: mentionUser, read: (text) => text.replace(/\D/g, '') },
  since: { show: showInstant, read: readInstant },
  'ends before': { show: showInstant, read: readInstant },
};

function showInstant(iso: string): string {
  return fullTime(new Date(iso));
}

function readInstant(text: string): string {
  return new Date(Number(/\d+/.exec(text)?.[0]) * 1000).toISOString();
}

/** The embed with the filters below its lines, one a line; those that are null are left out. */
export function withFilters(embed: APIEmbed, filters: Filters): APIEmbed {
  const lines = { field: [] as string[], footer: [] as string[] };
  for (const [name, value] of Object.entries(filters)) {
    const show = shown[name]?.show;
    if (value !== null) lines[show ? 'field' : 'footer'].push(`${name}: ${show ? show(value) : value}`);
  }
  return {
    ...embed,
    ...(lines.field.length > 0 && { fields: [{ name: fieldName, value: lines.field.join('\n') }] }),
    ...(lines.footer.length > 0 && { footer: { text: lines.footer.join('\n') } }),
  };
}

/** The filters of the list that a message shows. */
export function readFilters([embed]: readonly APIEmbed[]): Filters {
  const field = embed?.fields?.find(({ name }) => name === fieldName)?.value ?? '';
  const lines = [field, embed?.footer?.text ?? ''].flatMap((text) => text.split('\n'));
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [name, ...valueParts] = line.split(': ');
      if (name === undefined || valueParts.length === 0) return [];
      const value = valueParts.join(': ');
      return [[name, shown[name]?.read(value) ?? value]];
    }),
  );
}

/** How a filter shows a record that has an id: `7 (Vault)`. */
export function namedId({ id, name }: { readonly id: number; readonly name: string }): string {
  return `${id} (${name})`;
}

/** Reads the id out of such a filter. */
export function idOf(filter: string): number {
  return Number.parseInt(filter, 10);
}
