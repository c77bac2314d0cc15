import type { StoredEffect } from '../../domain/effect.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { Post, Reply } from '../framework/reply.ts';
import type { ComponentHandler } from '../framework/command.ts';
import { button, row } from '../framework/components.ts';
import type { ComponentCall, CommandContext, GuildContext } from '../framework/command-context.ts';
import { handlerNames } from '../framework/handler-names.ts';
import { keysOnly } from '../texts/direct-message.ts';
import { embed } from '../framework/embed.ts';
import { count, mentionUser } from '../texts/phrases.ts';

interface KeyDm {
  readonly effectId: number;
  readonly userId: string;
  readonly licenseIds: readonly number[];
}

/** For keys whose DM did not arrive: a public message whose button shows them to their owner alone. */
export function createPickUpHandlers(
  storage: Pick<Storage, 'effectsById'>,
): Readonly<Record<string, ComponentHandler<GuildContext>>> {
  async function keyDmOf({ state }: ComponentCall): Promise<KeyDm | null> {
    const [stored] = await storage.effectsById([Number(state[0])]);
    return stored ? toKeyDm(stored) : null;
  }

  return {
    [handlerNames.postPickUp]: {
      access: 'member',
      reply: 'post',
      once: true,
      run: async (context) => {
        const dm = await keyDmOf(context);
        return dm ? postPickUp(dm, context) : tooOld;
      },
    },
    [handlerNames.pickUp]: {
      access: 'buyer',
      reply: 'private',
      run: async (context) => {
        const dm = await keyDmOf(context);
        return dm ? showKeys(dm, context) : tooOld;
      },
    },
  };
}

const tooOld = 'This pick-up is too old. Your keys are in `/mylicenses`.';

function toKeyDm({ id, effect }: StoredEffect): KeyDm | null {
  if (effect.kind !== 'dm' || effect.message.type !== 'keys') return null;
  return { effectId: id, userId: effect.userId, licenseIds: effect.message.licenseIds };
}

/** The owner may have left the server, or lost the channel, since the pick-up was offered. */
async function postPickUp(
  { effectId, userId, licenseIds }: KeyDm,
  { customId, guildId, channelId, discord }: GuildContext,
): Promise<Post | string> {
  if (!(await discord.canSee(guildId, channelId, userId))) {
    return `${mentionUser(userId)} cannot see this channel, so nothing was posted.`;
  }
  const keys = licenseIds.length === 1 ? 'your license key is' : `your ${licenseIds.length} license keys are`;
  return {
    content: `${mentionUser(userId)}, ${keys} ready. Only you can open this.`,
    rows: [row(button(customId(handlerNames.pickUp, [effectId], { forUserId: userId }), 'Show my key', 'primary'))],
    pings: [userId],
  };
}

/** The service checks the owner again, because the licenses may have been reassigned since. */
async function showKeys({ userId, licenseIds }: KeyDm, { services }: CommandContext): Promise<Reply | string> {
  const keys: { key: string; product: string }[] = [];
  for (const licenseId of licenseIds) {
    const [shown, card] = [
      await services.buyers.showKey({ userId, licenseId }),
      await services.buyers.license({ userId, licenseId }),
    ];
    if (shown.ok && card.ok) keys.push({ key: shown.value.key, product: card.value.product.name });
  }
  if (keys.length === 0) return 'These licenses are not yours any more.';
  const lines = [
    keys.length === 1
      ? 'The next message is your key, alone.'
      : `The next message has your ${count(keys.length, 'key')}.`,
    '⚠️ **Never share it.** `/mylicenses` shows it again.',
  ];
  return { embeds: [embed({ lines, tone: 'good' })], more: [keysOnly(keys)] };
}
