import { SlashCommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { SlashCommand } from '../src/discord/framework/command.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { codeBlock, codeText, escapeText } from '../src/discord/texts/escape-text.ts';
import type { Protocol } from '../src/domain/attempt.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { describeIntegrationWarning } from '../src/texts/integration-warnings.ts';
import {
  type LanguageName,
  languageNames,
  languages,
  recommendedSystem,
  systemNames,
  systems,
} from '../src/integration/offers.ts';
import type { Integration } from '../src/services/integrations.ts';

/** It shows what `/product info` shows, and the guild's public ids, so it needs the same permission. */
export const integrate: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('integrate')
    .setDescription('Client code for a product, ready to paste')
    .addStringOption((option) =>
      option
        .setName('language')
        .setDescription('What your program is written in')
        .setRequired(true)
        .addChoices(...languageNames.map((value) => ({ name: languages[value].title, value }))),
    )
    .addStringOption(productOption)
    .addStringOption((option) =>
      option
        .setName('system')
        .setDescription('Whose protocol it speaks; left out: the recommended one')
        .addChoices(...systemNames.map((value) => ({ name: systemChoice(value), value }))),
    ),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async ({ services, guildId, options }) => {
    const made = await services.integrations.make({
      guildId,
      product: options.text('product'),
      language: options.text('language') as LanguageName,
      system: options.text('system') as Protocol | null,
    });
    return made.ok ? integrationReply(made.value) : describeCommandError(made.error);
  },
};

function systemChoice(system: Protocol): string {
  const { title, describes } = systems[system];
  return system === recommendedSystem ? `Recommended: ${title} (${describes})` : `${title} (${describes})`;
}

/** The code as a file with its first lines in the message, and the public key as one file for each of its forms. */
function integrationReply(integration: Integration): Reply {
  const { file, code, publicKey } = integration;
  return {
    content: describeIntegration(integration),
    files: [
      { name: file, data: code },
      { name: 'public-key.pem', data: `${publicKey.pem}\n` },
      { name: 'public-key-one-line.txt', data: publicKey.oneLine },
      { name: 'public-key-base64.txt', data: publicKey.base64 },
    ],
  };
}

/** What is in the files, how to try it, and what it takes care of. */
export function describeIntegration({ system, language, product, file, excerpt, warnings }: Integration): string {
  const { title, fence, run } = languages[language];
  return [
    `**${title} for ${escapeText(product.name)}**, over ${systems[system].title}’s protocol. ${codeText(file)} begins with:`,
    codeBlock(excerpt, fence),
    `Try it: ${codeText(`LICENSE_KEY=the-key ${run}`)}`,
    'It waits 5 s, tries 3 times, and runs on for 24 h after a success while the server cannot be asked. A refusal always counts.',
    ...warnings.map((warning) => `⚠️ ${describeIntegrationWarning(warning)}`),
    '-# The other files are this server’s public key: as PEM, on one line, and as base64 of the PEM.',
  ].join('\n');
}
