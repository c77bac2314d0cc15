import type { CommandContext } from '../../../../src/discord/framework/command-context.ts';
import * as shareLicense from '../../../../src/discord/views/share-license.ts';
import { cards, counts, now, userId } from './fixtures.ts';
import { walk } from './walk.ts';

const context = (helpers: number, guildId: string | null) =>
  ({
    now,
    guildId,
    user: { id: userId },
    customId: () => 'id',
    services: {
      buyers: {
        sharing: () =>
          Promise.resolve({
            ok: true,
            value: {
              license: { ...cards[0]!.license, helperIds: Array.from({ length: helpers }, () => userId) },
              helpers: Array.from({ length: helpers }, () => ({ id: userId, user: null })),
              max: 3,
            },
          }),
      },
    },
  }) as unknown as CommandContext;
const contexts = counts.flatMap((helpers) => ['g1', null].map((guildId) => context(helpers, guildId)));

export const sharingSamples = [
  walk('src/discord/views/share-license.ts', shareLicense, {
    shareLicense: (text) => contexts.map((one) => text(one, 12)),
    helperModal: (text) => contexts.map((one) => text(one, '12')),
  }),
];
