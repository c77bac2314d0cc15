import type { APIEmbed } from 'discord.js';
import type { License } from '../../domain/license.ts';
import type { Delivery } from '../framework/command-context.ts';
import { embed } from '../framework/embed.ts';
import { describeExpiry } from '../texts/direct-message.ts';

interface NewLicense {
  readonly title: string;
  /** Which license it is, and how its owner came to it. */
  readonly sentence: string;
  readonly license: License;
}

/** A license that has just become somebody's, for its owner: where the key is, and what becomes of the roles. */
export function describeNewLicense({ title, sentence, license }: NewLicense, delivery: Delivery): APIEmbed {
  const roles = describeOwnRoles(delivery);
  return embed({
    title,
    lines: [sentence, whereKeyIs(delivery), ...(roles === null ? [] : [roles])],
    fields: [['Valid until', describeExpiry(license)]],
    tone: 'good',
  });
}

const ownRoles: Readonly<Record<Delivery['roles'], string | null>> = {
  'under-way': 'Your roles are being put right.',
  done: null,
  failed: 'I could not give you its roles; the staff of the server can read why in their log.',
  absent: 'Its roles follow when you join that server.',
};

/** What becomes of the roles of one's own license; null: they are right. */
export function describeOwnRoles({ roles }: Delivery): string | null {
  return ownRoles[roles];
}

function whereKeyIs({ dmArrived, isOver }: Delivery): string {
  if (dmArrived) return 'Your key is in my direct message, too.';
  return isOver
    ? 'I could not send you a direct message; `/mylicenses` shows your key whenever you need it.'
    : 'I am sending you your key as a direct message, too; `/mylicenses` always shows it.';
}
