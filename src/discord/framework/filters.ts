import type { APIEmbed } from 'discord.js';

/*
 * A list's filters stand in the footer of the message that shows it: readable for people, longer than a custom id can
 * be, and still there when somebody turns the page after a restart. Nobody but the bot can write them.
 */

export type Filters = Readonly<Record<string, string | null>>;

/** The embed with its filters, one a line; those that are null are left out. */
export function withFilters(embed: APIEmbed, filters: Filters): APIEmbed {
  const lines = Object.entries(filters).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return lines.length === 0 ? embed : { ...embed, footer: { text: lines.join('\n') } };
}

/** The filters of the list that a message shows. */
export function readFilters([shown]: readonly APIEmbed[]): Filters {
  const lines = (shown?.footer?.text ?? '').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [name, ...rest] = line.split(': ');
      return name === undefined || rest.length === 0 ? [] : [[name, rest.join(': ')]];
    }),
  );
}

/** Something with an id as a filter shows it: `7 (Vault)`. */
export function namedId({ id, name }: { readonly id: number; readonly name: string }): string {
  return `${id} (${name})`;
}

/** The id out of it. */
export function idOf(filter: string): number {
  return Number.parseInt(filter, 10);
}
