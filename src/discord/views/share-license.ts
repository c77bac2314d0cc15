import { describeCommandError } from '../texts/command-errors.ts';
import { button, row, textModal, userSelect } from '../framework/components.ts';
import type { CommandContext } from '../framework/command-context.ts';
import { embed } from '../framework/embed.ts';
import type { Modal, Reply, Row } from '../framework/reply.ts';
import { describeSharing } from '../texts/sharing.ts';

const buttonsPerRow = 5;

/** Whom the owner shares a license with, and everything that changes it; `notice` stands above it. */
export async function shareLicense(context: CommandContext, licenseId: number, notice = ''): Promise<Reply | string> {
  const found = await context.services.buyers.sharing({ userId: context.user.id, licenseId });
  if (!found.ok) return describeCommandError(found.error);
  const { license, helpers, max } = found.value;
  const { customId } = context;
  // A `once` button works once per message and custom id. The nonce renews it whenever the list is shown again.
  const nonce = context.now.getTime().toString(36);
  const removals = helpers.map(({ id, user }, index) =>
    button(
      customId('my-unshare', [licenseId, id, nonce]),
      `Remove ${user?.username ?? `number ${index + 1}`}`,
      'danger',
    ),
  );
  const [keyLabel, keyState] = license.helpersSeeKey
    ? (['Hide the key from them', 'off'] as const)
    : (['Let them see the key', 'on'] as const);
  return {
    content: notice,
    embeds: [embed({ title: 'Share this license', lines: describeSharing(license, max) })],
    rows: [
      ...(helpers.length < max ? [addRow(context, licenseId, nonce)] : []),
      ...inRows(removals),
      row(
        button(customId('my-share-key', [licenseId, keyState, nonce]), keyLabel),
        button(customId('my-card', [licenseId]), '◀ Back'),
      ),
    ],
  };
}

/** In a DM, Discord offers nobody else to choose, so that the id of the user is typed. */
function addRow({ customId, guildId }: CommandContext, licenseId: number, nonce: string): Row {
  return guildId === null
    ? row(button(customId('my-share-id', [licenseId]), 'Share with a user', 'primary'))
    : row(userSelect(customId('my-share-add', [licenseId, nonce]), 'Share it with…'));
}

export function helperModal({ customId }: CommandContext, licenseId: string): Modal {
  return textModal(customId('my-share-typed', [licenseId]), 'Share a license', [
    {
      id: 'user',
      label: 'Discord user id',
      description: 'With developer mode on, “Copy User ID” in the menu of a user gives it.',
      maxLength: 40,
    },
  ]);
}

function inRows(buttons: readonly ReturnType<typeof button>[]): readonly Row[] {
  const rows: Row[] = [];
  for (let first = 0; first < buttons.length; first += buttonsPerRow) {
    rows.push(row(...buttons.slice(first, first + buttonsPerRow)));
  }
  return rows;
}
