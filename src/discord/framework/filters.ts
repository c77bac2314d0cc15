import type { APIEmbed } from 'discord.js';

/*
 * The filters of a list stand in the footer of the message that shows it. There they are readable, may be longer than a
 * custom id, and still exist when a user turns the page after a restart. Only the bot can write them.
 */

export type Filters = Readonly<Record<string, string | null>>;

/** The embed with the filters in its footer, one a line; those that are null are left out. */
export function withFilters(embed: APIEmbed, filters: Filters): APIEmbed {
  const lines = Object.entries(filters).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return lines.length === 0 ? embed : { ...embed, footer: { text: lines.join('\n') } };
}

/** The filters of the list that a message shows. */
export function readFilters([shown]: readonly APIEmbed[]): Filters {
  const lines = (shown?.footer?.text ?? '').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [name, ...valueParts] = line.split(': ');
      return name === undefined || valueParts.length === 0 ? [] : [[name, valueParts.join(': ')]];
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
