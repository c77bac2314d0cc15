import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { button, row, select } from '../src/discord/framework/components.ts';
import { handlerNames } from '../src/discord/framework/handler-names.ts';
import type { ComponentCall, GuildContext } from '../src/discord/framework/command-context.ts';
import { licenseChoices, licenseOption } from '../src/discord/options/license-option.ts';
import { historyButton } from '../src/discord/views/audit-page.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { escapeText } from '../src/discord/texts/escape-text.ts';
import { describeCard } from '../src/discord/texts/license-card.ts';
import { describeRow, describeState, plainLicenseName } from '../src/discord/texts/licenses.ts';
import { count } from '../src/discord/texts/phrases.ts';
import { describeNoPair } from '../src/discord/texts/metadata.ts';
import { dataForm, readDataForm } from '../src/discord/views/data-form.ts';
import { followHwidButton } from '../src/discord/views/follow-hwid.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { LicenseRow } from '../src/services/licenses/license-view.ts';

/** Discord takes at most 25 options in a select. */
const maxFound = 25;

export const licenseInfo: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('info')
    .setDescription('One license: state, owner, machines, and why it was refused')
    .addStringOption((option) =>
      licenseOption(option)
        .setDescription('Its key, last group, id or order; an IP, HWID or owner')
        .setRequired(false)
        .setMaxLength(1024),
    )
    .addUserOption((option) => option.setName('user').setDescription('Its owner')),
  access: 'license.view',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const [text, userId] = [context.options.text('license'), context.options.userId('user')];
    if (text === null && userId === null) return 'Say which license, or whose.';
    const rows = await findRows(context, text, userId);
    const [only, ...others] = rows;
    if (!only) return describeNothing(context, text, userId);
    return others.length === 0 ? showCard(context, only.license.id) : askWhich(context, rows);
  },
  components: {
    'license-info-pick': { reply: 'update', run: (context) => showCard(context, Number(context.values[0])) },
    'license-data': {
      access: 'license.edit',
      reply: 'update',
      modal: (context) => dataForm(context.customId('license-data', context.state)),
      run: changeData,
    },
  },
};

async function findRows(
  { services, guildId }: GuildContext,
  text: string | null,
  ownerId: string | null,
): Promise<readonly LicenseRow[]> {
  if (text !== null) {
    const { rows } = await services.licenses.find(guildId, text, maxFound);
    return ownerId === null ? rows : rows.filter(({ license }) => license.ownerId === ownerId);
  }
  const query = ownerId === null ? {} : { ownerId };
  return services.licenses.list(guildId, query, { limit: maxFound, beforeId: null });
}

async function showCard(context: GuildContext, licenseId: number): Promise<Reply | string> {
  const { services, guildId, customId } = context;
  const found = await services.licenses.card(guildId, licenseId);
  if (!found.ok) return describeCommandError(found.error);
  const { note } = found.value.license;
  const follow = found.value.addressPattern === null ? [] : [followHwidButton(customId(handlerNames.followHwid))];
  const history = historyButton(context, licenseId);
  return {
    content: note === null ? '' : `Note: ${escapeText(note, 1000)}`,
    embeds: [describeCard(found.value)],
    rows: [row(button(customId('license-data', [String(licenseId)]), 'Features and metadata'), ...history, ...follow)],
    postable: true,
  };
}

/** Changes what was typed into the form, and shows the card as it is then. */
async function changeData(context: GuildContext & ComponentCall): Promise<Reply | string> {
  const typed = readDataForm(context.field);
  if (typeof typed === 'string') return describeNoPair(typed);
  const licenseId = Number(context.state[0]);
  const done = await context.services.licenses.edit({
    ...context.by,
    ...typed,
    licenseId,
    mayManage: context.isManager,
  });
  return done.ok ? showCard(context, licenseId) : describeCommandError(done.error);
}

function askWhich(context: GuildContext, rows: readonly LicenseRow[]): Reply {
  const options = rows.map((one) => ({
    label: plainLicenseName(one),
    value: String(one.license.id),
    description: `${one.owner?.username ?? one.license.ownerId ?? 'unclaimed'} · ${describeState(one, 'staff').split(' <')[0] ?? ''}`,
  }));
  return {
    embeds: [embed({ title: count(rows.length, 'license'), lines: rows.map(describeRow) })],
    rows: [row(select(context.customId('license-info-pick'), 'Which one?', options))],
  };
}

export async function describeNothing(
  context: GuildContext,
  text: string | null,
  userId: string | null,
): Promise<string> {
  if (userId === null) {
    const meant = await context.services.licenses.resolve(context.guildId, text ?? '');
    return describeCommandError(meant.ok ? { code: 'license-not-found' } : meant.error);
  }
  return `<@${userId}> has no such license in this server.`;
}
