import { apikey } from '../../commands/apikey.ts';
import { blacklist } from '../../commands/blacklist.ts';
import { customer } from '../../commands/customer.ts';
import { help } from '../../commands/help.ts';
import { product } from '../../commands/product.ts';
import { settings } from '../../commands/settings.ts';
import { setup } from '../../commands/setup.ts';
import type { GivenOptions } from '../../playground/discord/control/command-options.ts';
import type { VisibleMessage } from '../../playground/discord/control/visible-message.ts';
import type { CheckRequest } from '../../src/domain/check-request.ts';
import { commandLine } from '../../src/domain/actor.ts';
import type { IssueInput } from '../../src/services/licenses/license-service.ts';
import { startBotWorld } from './bot-world.ts';
import { showToStaff } from './show-to-staff.ts';
import { definition, valueOf } from './open-services.ts';
import { aRequest } from './storage-fixtures.ts';

export type ManagerWorld = Awaited<ReturnType<typeof startManagerWorld>>;

const otherGuildId = '200000000000000001';

/** The bot's world with the commands that manage a guild, and a second guild whose data must never appear in the first. */
export async function startManagerWorld() {
  const world = await startBotWorld({ commands: [setup, settings, product, customer, blacklist, apikey, help] });
  const { discord, services, guildId, channelId } = world;
  showToStaff(world);
  const by = { guildId, actor: commandLine };
  const other = { guildId: otherGuildId, actor: commandLine };
  await services.guilds.ensure({ id: guildId, name: 'Shop' });
  await services.guilds.ensure({ id: otherGuildId, name: 'Other' });
  const { secret } = valueOf(await services.apiKeys.create({ ...by, name: 'for checks' }));

  const as =
    (userId: string) =>
    (name: string, options: GivenOptions = {}) =>
      discord.user(userId).command(guildId, channelId, name, options);

  return {
    ...world,
    by,
    other,
    staff: as(world.staffId),
    manager: as(world.managerId),
    async issue(own: Partial<IssueInput> = {}) {
      const input = { ...by, product: null, mayManage: true, silent: true, ...own };
      return valueOf(await services.licenses.issue(input)).issued[0]!;
    },
    /** Checks a license and returns `granted` or the denial. */
    async check(own: Partial<CheckRequest>): Promise<string> {
      const request = aRequest({ guildReference: { by: 'api-key', secret }, ...own });
      const outcome = await services.checkLicense(definition, request);
      return outcome.result === 'denied' ? outcome.denial : outcome.result;
    },
    settings: async () => valueOf(await services.settings.view(guildId)),
    /** Clicks a button as the manager. */
    press: (message: VisibleMessage | undefined, label: string) => discord.user(world.managerId).click(message!, label),
    /** Selects values, as the manager, in the select with this placeholder. */
    pick(message: VisibleMessage | undefined, placeholder: string, ...values: string[]) {
      const found = message!.selects.find((one) => one.placeholder === placeholder);
      return discord.user(world.managerId).select(message!, found!.customId, values);
    },
    /** Clicks a button as the manager, and submits the modal that it opens. */
    async fillIn(message: VisibleMessage | undefined, label: string, fields: Readonly<Record<string, string>>) {
      const opened = await discord.user(world.managerId).click(message!, label);
      return discord.user(world.managerId).submitModal(opened.modal!, fields);
    },
    async choices(userId: string, name: string, focused: string, options: GivenOptions = {}) {
      const typed = await discord.user(userId).autocomplete(guildId, channelId, name, focused, options);
      return (typed.choices ?? []).map((choice) => choice.value);
    },
  };
}

/** The messages of the channel with a ping, including ephemeral ones for the manager or the staff member. */
export function pingsIn({ discord, channelId, managerId, staffId }: ManagerWorld): readonly VisibleMessage[] {
  return [managerId, staffId]
    .flatMap((userId) => discord.messages(channelId, userId))
    .filter(({ pings }) => pings.everyone || pings.users.length > 0 || pings.roles.length > 0);
}

/** All text in the channel that is not ephemeral, including files. */
export function publicTexts({ discord, channelId }: ManagerWorld): string {
  return discord
    .messages(channelId)
    .filter(({ ephemeral }) => !ephemeral)
    .map(({ text, files }) => [text, ...files.map((file) => file.text)].join('\n'))
    .join('\n');
}
