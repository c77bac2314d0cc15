import { audit } from '../../commands/audit.ts';
import { blacklist } from '../../commands/blacklist.ts';
import { license } from '../../commands/license.ts';
import { logs } from '../../commands/logs.ts';
import { mylicenses } from '../../commands/mylicenses.ts';
import { redeem } from '../../commands/redeem.ts';
import type { GivenOptions } from '../../playground/discord/control/command-options.ts';
import type { CheckRequest } from '../../src/domain/check-request.ts';
import { commandLine } from '../../src/domain/actor.ts';
import type { IssueInput } from '../../src/services/licenses/license-service.ts';
import { startBotWorld } from './bot-world.ts';
import { definition, valueOf } from './open-services.ts';
import { aRequest } from './storage-fixtures.ts';

export type LicenseWorld = Awaited<ReturnType<typeof startLicenseWorld>>;

/** The interval after which the bot sends the next DM. */
export const dmSpacingMs = 2000;

const otherGuildId = '200000000000000001';

/** The bot's world with a product, functions that issue and check licenses, and a second guild with its own license. */
export async function startLicenseWorld() {
  const world = await startBotWorld({ commands: [license, logs, audit, blacklist, mylicenses, redeem] });
  const { discord, services, guildId, channelId } = world;
  const by = { guildId, actor: commandLine };
  await services.guilds.ensure({ id: guildId, name: 'Shop' });
  await services.guilds.ensure({ id: otherGuildId, name: 'Other' });
  const { product } = valueOf(await services.products.create({ ...by, name: 'Vault' }));
  const inOther = { guildId: otherGuildId, actor: commandLine };
  await services.products.create({ ...inOther, name: 'Vault' });
  const { apiKey, secret } = valueOf(await services.apiKeys.create({ ...by, name: 'main' }));

  async function issueIn(where: typeof by, own: Partial<IssueInput>) {
    const input = { ...where, product: null, mayManage: true, silent: true, ...own };
    return valueOf(await services.licenses.issue(input)).issued[0]!;
  }
  const as =
    (userId: string) =>
    (name: string, options: GivenOptions = {}) =>
      discord.user(userId).command(guildId, channelId, name, options);

  return {
    ...world,
    by,
    product,
    apiKey,
    issue: (own: Partial<IssueInput> = {}) => issueIn(by, own),
    foreign: await issueIn(inOther, {}),
    issueElsewhere: (own: Partial<IssueInput>) => issueIn(inOther, own),
    staff: as(world.staffId),
    manager: as(world.managerId),
    buyer: as(world.buyerId),
    /** Checks a license and returns `granted` or the denial. */
    async check(own: Partial<CheckRequest>): Promise<string> {
      const request = aRequest({ guildReference: { by: 'api-key', secret }, ...own });
      const outcome = await services.checkLicense(definition, request);
      return outcome.result === 'denied' ? outcome.denial : outcome.result;
    },
    license: async (id: number) => valueOf(await services.licenses.view(guildId, id)).license,
  };
}

/** All text in a channel that is not ephemeral, including files. */
export function publicText({ discord, channelId }: LicenseWorld): string {
  const messages = discord.messages(channelId).filter(({ ephemeral }) => !ephemeral);
  return messages.map(({ text, files }) => [text, ...files.map((file) => file.text)].join('\n')).join('\n');
}

/** All embeds of a message as one text. *Post here* would post these. */
export function embedText({ embeds }: { readonly embeds: readonly object[] }): string {
  return JSON.stringify(embeds);
}
