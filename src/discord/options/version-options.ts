import type { SlashCommandSubcommandBuilder } from 'discord.js';
import { type Product, type VersionPolicy, versionPolicies } from '../../domain/product.ts';
import { fieldLimits } from '../../domain/values/field-limits.ts';
import type { Choice, GuildContext, Options } from '../framework/command-context.ts';
import { policyWords } from '../texts/products.ts';

/** The options `version` and `policy`. */
export function versionOptions(command: SlashCommandSubcommandBuilder, completes = false) {
  command.addStringOption((option) =>
    option
      .setName('version')
      .setDescription('The current version, as programs send it')
      .setMaxLength(fieldLimits.version)
      .setAutocomplete(completes),
  );
  return command.addStringOption((option) =>
    option
      .setName('policy')
      .setDescription('Which versions may run')
      .addChoices(...versionPolicies.map((value) => ({ name: `${value}: ${policyWords[value]}`, value }))),
  );
}

export function versionPolicyFrom(options: Options): VersionPolicy | undefined {
  const policy = options.text('policy');
  return versionPolicies.find((each) => each === policy);
}

/** Versions of the product that the option `product` names, newest first. */
export async function versionChoices(
  { services, guildId, options }: GuildContext & { readonly options: Options },
  typed: string,
  isOffered: (release: Product['releases'][number]) => boolean = () => true,
): Promise<readonly Choice[]> {
  const product = await services.products.find(guildId, options.text('product'));
  const releases = product.ok ? product.value.releases.filter(isOffered) : [];
  const wanted = typed.trim().toLowerCase();
  const versions = [...new Set(releases.toReversed().map(({ version }) => version))];
  // Discord takes values of at most 100 characters.
  const fitting = versions.filter((version) => version.length <= 100 && version.toLowerCase().includes(wanted));
  return fitting.map((version) => ({ name: version, value: version }));
}
