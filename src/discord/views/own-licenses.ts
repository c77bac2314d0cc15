import type { APIButtonComponent } from 'discord.js';
import { describeCommandError } from '../texts/command-errors.ts';
import type { BuyerCard } from '../../services/buyers/buyer-service.ts';
import type { LicenseCard } from '../../services/licenses/license-view.ts';
import type { Reply, Row } from '../framework/reply.ts';
import { button, row, select } from '../framework/components.ts';
import type { CommandContext } from '../framework/command-context.ts';
import { machineOptions, machineRef } from '../options/machine-ref.ts';
import { ellipsize } from '../texts/ellipsize.ts';
import { embed } from '../framework/embed.ts';
import { plainLicenseName } from '../texts/licenses.ts';
import { describeOwnCard, describeOwnLine } from '../texts/owner-card.ts';
import { count } from '../texts/phrases.ts';

const perPage = 10;

/** The user's licenses, those of this guild first: the card where there is one, else a list to choose from. */
export async function ownLicenses(context: CommandContext, page: number): Promise<Reply | string> {
  const wanted = { number: page, size: perPage };
  const owned = await context.services.buyers.licenses(context.user.id, context.guildId, wanted);
  const { cards, total, last } = owned;
  const [first] = cards;
  if (!first) return 'You have no licenses yet. A key that you were given becomes yours with `/redeem`.';
  if (total === 1) return ownCardReply(context, first, false);
  const turn = (label: string, to: number) =>
    button(context.customId('my-page', [to, label]), label, 'plain', to < 0 || to > last);
  return {
    embeds: [embed({ title: `Your ${count(total, 'license')}`, lines: cards.map(describeOwnLine) })],
    rows: [
      row(select(context.customId('my-show'), 'Show one of them', cards.map(toOption))),
      ...(last === 0 ? [] : [row(turn('◀ Back', owned.page - 1), turn('More ▶', owned.page + 1))]),
    ],
  };
}

function toOption(card: BuyerCard) {
  const { license, guildName } = card;
  return { label: plainLicenseName(card), value: String(license.id), description: guildName };
}

/** One license of the user with all that they can do with it; `notice` stands above it. */
export async function ownCard(context: CommandContext, licenseId: number, notice = ''): Promise<Reply | string> {
  const { buyers } = context.services;
  const card = await buyers.license({ userId: context.user.id, licenseId });
  if (!card.ok) return describeCommandError(card.error);
  return ownCardReply(context, card.value, true, notice);
}

function ownCardReply(context: CommandContext, card: BuyerCard, hasList: boolean, notice = ''): Reply {
  return { content: notice, embeds: [describeOwnCard(card)], rows: cardRows(context, card, hasList) };
}

function cardRows(context: CommandContext, card: BuyerCard, hasList: boolean): readonly Row[] {
  const { license, bindings } = card;
  const { customId } = context;
  const id = license.id;
  // A `once` button works once per message and custom id. The nonce renews it whenever the card is shown again.
  const nonce = context.now.getTime().toString(36);
  const ownerButtons = [
    ...switchButtons(card, (to) => customId('my-switch', [id, to, nonce])),
    button(customId('my-share', [id]), 'Share'),
  ];
  const buttons: APIButtonComponent[] = [
    ...(card.isShared && !license.helpersSeeKey ? [] : [button(customId('my-key', [id]), 'Show key', 'primary')]),
    button(customId('my-checks', [id]), 'Last checks'),
    ...(card.isShared ? [] : ownerButtons),
    ...(hasList ? [button(customId('my-page', [0]), 'All my licenses')] : []),
  ];
  const machines = [...(card.isShared ? [] : [{ label: 'All machines', value: 'all' }]), ...machineOptions(bindings)];
  return [
    ...forgetRow(context, card, nonce),
    row(...buttons),
    ...(bindings.length === 0
      ? []
      : [row(select(customId('my-forget-one', [id, nonce]), 'Forget machines', machines))]),
  ];
}

/** *Forget it* for the machine that the last denied client needs the place of: the one not seen for longest. */
function forgetRow(context: CommandContext, { license, lastDenial }: LicenseCard, nonce: string): readonly Row[] {
  const remedy = lastDenial?.remedy;
  const holder = remedy?.type === 'release' ? remedy.holders[0] : undefined;
  if (!holder || remedy?.type !== 'release') return [];
  const label = remedy.holders.length === 1 ? 'Forget it' : `Forget ${ellipsize(holder.value, 60)}`;
  return [row(button(context.customId('my-forget', [license.id, machineRef(holder), nonce]), label, 'danger'))];
}

/** A suspended license cannot be paused. */
function switchButtons({ license }: LicenseCard, id: (to: 'on' | 'off') => string): readonly APIButtonComponent[] {
  if (license.switchedOff) return [button(id('on'), 'Switch on', 'good')];
  return license.holds.length > 0 ? [] : [button(id('off'), 'Pause')];
}
