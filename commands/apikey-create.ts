import { SlashCommandSubcommandBuilder } from 'discord.js';
import { newApiKeyReply } from '../src/discord/views/new-api-key-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { suggest } from '../src/discord/options/suggest.ts';
import { scopes } from '../src/domain/api-key.ts';
import { describeRevealError } from '../src/discord/views/describe-reveal-error.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';

const expirySuggestions = ['never', '30d', '90d', '1y'];

export const apikeyCreate: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('create')
    .setDescription('Make an API key; its secret is shown this once')
    .addStringOption((option) =>
      option.setName('name').setDescription('What it is for').setRequired(true).setMaxLength(fieldLimits.apiKeyName),
    )
    .addStringOption((option) =>
      option
        .setName('scopes')
        .setDescription('auth lets programs check licenses; left out: auth')
        .addChoices(...scopeChoices().map((value) => ({ name: value, value }))),
    )
    .addStringOption((option) =>
      option
        .setName('expires')
        .setDescription('90d, 2027-01-31 or never; left out: never')
        .setMaxLength(50)
        .setAutocomplete(true),
    )
    .addStringOption((option) =>
      option
        .setName('secret')
        .setDescription('Your own, which programs already have; left out, one is made')
        .setMaxLength(255),
    ),
  access: 'apikey',
  reply: 'private',
  autocomplete: (context) => Promise.resolve(suggest(expirySuggestions, context.focused.text)),
  run: async ({ services, by, options, now, missing }) => {
    const made = await services.apiKeys.create({
      ...by,
      name: options.text('name') ?? '',
      scopes: options.text('scopes')?.split(', '),
      expires: options.text('expires') ?? undefined,
      secret: options.key('secret') ?? undefined,
      mayReveal: missing('license.reveal') === null,
    });
    return made.ok ? newApiKeyReply(made.value, now) : describeRevealError({ missing }, made.error);
  },
};

/** Every combination of scopes, as one choice each. */
function scopeChoices(): readonly string[] {
  const sets = scopes.reduce<readonly (readonly string[])[]>(
    (all, scope) => [...all, ...all.map((one) => [...one, scope])],
    [[]],
  );
  return sets.filter((set) => set.length > 0).map((set) => set.join(', '));
}
