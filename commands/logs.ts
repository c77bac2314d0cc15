import { SlashCommandBuilder } from 'discord.js';
import { attemptPage, attemptPageHandler } from '../src/discord/views/attempt-page.ts';
import type { SlashCommand } from '../src/discord/framework/command.ts';
import { namedId, readFilters } from '../src/discord/framework/filters.ts';
import { resultOption, sinceFrom, sinceOption } from '../src/discord/options/attempt-options.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { sinceSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { decodePosition, firstPage } from '../src/discord/framework/pages.ts';
import { canonicalAddress } from '../src/domain/values/address.ts';
import { dayMs } from '../src/domain/values/calendar.ts';
import { protocols } from '../src/domain/attempt.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

/**
 * How far back an IP or HWID is looked for, unless `since` says otherwise. No index leads to them, because it would cost
 * each check, so every attempt of that time is looked at.
 */
const unindexedDays = 30;

export const logs: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('logs')
    .setDescription('Recent attempts of all licenses')
    .addStringOption(resultOption)
    .addStringOption((option) =>
      option
        .setName('protocol')
        .setDescription('Only those of programs written for this system')
        .addChoices(...protocols.map((value) => ({ name: value, value }))),
    )
    .addStringOption((option) =>
      option
        .setName('ip')
        .setDescription('Only those from this IP, of the last 30 days unless “since” says otherwise')
        .setMaxLength(255),
    )
    .addStringOption((option) =>
      option
        .setName('hwid')
        .setDescription('Only those of this HWID, of the last 30 days unless “since” says otherwise')
        .setMaxLength(1024),
    )
    .addStringOption(productOption)
    .addStringOption(sinceOption),
  access: 'logs',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    return name === 'since' ? suggest(sinceSuggestions, text) : productChoices(context, text);
  },
  run: async (context) => {
    const { options, services, guildId, now } = context;
    const since = sinceFrom(options.text('since'), now);
    if (!since.ok) return describeCommandError(since.error);
    const named = options.text('product');
    const product = named === null ? null : await services.products.find(guildId, named);
    if (product && !product.ok) return describeCommandError(product.error);
    const [ip, hwid] = [options.text('ip'), options.text('hwid')];
    const isUnindexed = ip !== null || hwid !== null;
    const earliest = isUnindexed ? new Date(now.getTime() - unindexedDays * dayMs).toISOString() : null;
    const filters = {
      result: options.text('result'),
      protocol: options.text('protocol'),
      ip: ip === null ? null : (canonicalAddress(ip) ?? ip),
      hwid,
      product: product ? namedId(product.value) : null,
      since: since.value ?? earliest,
    };
    return attemptPage(context, filters, firstPage);
  },
  components: {
    [attemptPageHandler]: {
      reply: 'update',
      run: (context) => attemptPage(context, readFilters(context.messageEmbeds), decodePosition(context.state[0])),
    },
  },
};
