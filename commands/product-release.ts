import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { GuildContext, Options } from '../src/discord/framework/command-context.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { versionChoices } from '../src/discord/options/version-options.ts';
import { cutPage, decodePosition, firstPage, pageRow, type Position } from '../src/discord/framework/pages.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { escapeText } from '../src/discord/texts/escape-text.ts';
import { describeRelease, productName, releaseName } from '../src/discord/texts/products.ts';
import { releaseStatuses } from '../src/domain/product.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';

const perPage = 15;

const releaseAdd: Subcommand = {
  definition: withVersion('add', 'Add a version; the current version stays', false)
    .addStringOption((option) =>
      option
        .setName('status')
        .setDescription('Only published releases run; left out: published')
        .addChoices(...releaseStatuses.map((value) => ({ name: value, value }))),
    )
    .addBooleanOption((option) =>
      option.setName('latest').setDescription('Whether updaters are sent to it; left out: if it is published'),
    ),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async (context) => {
    const wanted = context.options.text('status');
    const status = releaseStatuses.find((each) => each === wanted) ?? 'published';
    const release = await releaseFrom(context);
    if (typeof release === 'string') return release;
    const latest = context.options.flag('latest') ?? undefined;
    const done = await context.services.products.addRelease({ ...release, status, latest });
    if (!done.ok) return describeCommandError(done.error);
    const line = `${releaseName(done.value.release)} of ${productName(done.value.product)} is ${status}${done.value.release.latest ? ' and the latest' : ''}.`;
    return changeReply(context, done.value.effectIds, { title: 'Release added', lines: [line] });
  },
};

const releaseArchive: Subcommand = {
  definition: withVersion('archive', 'Take a version out of use', true),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => {
    const { name, text } = context.focused;
    if (name === 'product') return productChoices(context, text);
    return versionChoices(context, text, ({ status }) => status !== 'archived');
  },
  run: async (context) => {
    const release = await releaseFrom(context);
    if (typeof release === 'string') return release;
    const done = await context.services.products.archiveRelease(release);
    if (!done.ok) return describeCommandError(done.error);
    const { release: archived, heir, product } = done.value;
    const lines = [
      `${releaseName(archived)} of ${productName(product)} is archived.`,
      ...(heir === null ? [] : [`${releaseName(heir)} is the latest now.`]),
    ];
    return changeReply(context, done.value.effectIds, { title: 'Release archived', lines });
  },
};

const releaseLatest: Subcommand = {
  definition: withVersion('latest', 'Send updaters to this version instead of another one', true),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => {
    const { name, text } = context.focused;
    if (name === 'product') return productChoices(context, text);
    return versionChoices(context, text, ({ status, latest }) => status === 'published' && !latest);
  },
  run: async (context) => {
    const release = await releaseFrom(context);
    if (typeof release === 'string') return release;
    const done = await context.services.products.markLatest(release);
    if (!done.ok) return describeCommandError(done.error);
    const line = `${releaseName(done.value.release)} is the latest of ${productName(done.value.product)}.`;
    return changeReply(context, done.value.effectIds, { title: 'Latest release changed', lines: [line] });
  },
};

const releaseList: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('list')
    .setDescription('The versions of a product, newest first')
    .addStringOption(productOption),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async (context) => {
    const { services, guildId, options } = context;
    const found = await services.products.find(guildId, options.text('product'));
    return found.ok ? showPage(context, found.value.id, firstPage) : describeCommandError(found.error);
  },
  components: {
    'release-list': {
      reply: 'update',
      run: (context) => showPage(context, Number(context.state[1]), decodePosition(context.state[0])),
    },
  },
};

export const productRelease = [releaseAdd, releaseList, releaseLatest, releaseArchive] as const;

function withVersion(name: string, description: string, completes: boolean): SlashCommandSubcommandBuilder {
  return new SlashCommandSubcommandBuilder()
    .setName(name)
    .setDescription(description)
    .addStringOption((option) =>
      option
        .setName('version')
        .setDescription('As programs send it')
        .setRequired(true)
        .setMaxLength(fieldLimits.version)
        .setAutocomplete(completes),
    )
    .addStringOption(productOption)
    .addStringOption((option) =>
      option.setName('branch').setDescription('Left out: the default branch').setMaxLength(fieldLimits.branch),
    );
}

/** The release that the options name, or one sentence saying why it cannot be found. */
async function releaseFrom({ services, by, options }: GuildContext & { readonly options: Options }) {
  const found = await services.products.find(by.guildId, options.text('product'));
  if (!found.ok) return describeCommandError(found.error);
  return { ...by, productId: found.value.id, version: options.text('version') ?? '', branch: options.text('branch') };
}

async function showPage(context: GuildContext, productId: number, position: Position): Promise<Reply | string> {
  const info = await context.services.products.info(context.guildId, productId);
  if (!info.ok) return describeCommandError(info.error);
  const { name, releases } = info.value.product;
  // Releases are never removed, so the position in the list is an id that stays.
  const numbered = releases.map((release, index) => ({ release, number: index + 1 }));
  const { shown, nextBeforeId } = cutPage(numbered, ({ number }) => number, position, perPage);
  const lines = shown.length === 0 ? ['None yet.'] : shown.map(({ release }) => describeRelease(release));
  return {
    embeds: [embed({ title: `Releases of ${escapeText(name)}`, lines })],
    rows: pageRow(context, { position, nextBeforeId, handler: 'release-list', filters: [productId] }),
    postable: true,
  };
}
