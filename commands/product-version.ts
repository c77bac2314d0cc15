import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { row, select } from '../src/discord/framework/components.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { versionChoices, versionOptions, versionPolicyFrom } from '../src/discord/options/version-options.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { count } from '../src/discord/texts/phrases.ts';
import { describeVersion, policyWords, productName } from '../src/discord/texts/products.ts';
import { type Product, versionPolicies, type VersionPolicy } from '../src/domain/product.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

const handler = 'product-policy';

type RefusedClients = Readonly<Record<VersionPolicy, number>>;

export const productVersion: Subcommand = {
  definition: versionOptions(
    new SlashCommandSubcommandBuilder()
      .setName('version')
      .setDescription('Show or set the current version, and which versions may run')
      .addStringOption(productOption),
    true,
  ),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => {
    const { name, text } = context.focused;
    return name === 'product' ? productChoices(context, text) : versionChoices(context, text);
  },
  run: async (context) => {
    const { services, guildId, options } = context;
    const found = await services.products.find(guildId, options.text('product'));
    if (!found.ok) return describeCommandError(found.error);
    const [typed, versionPolicy] = [options.text('version'), versionPolicyFrom(options)];
    if (typed === null && versionPolicy === undefined) return show(context, found.value, [], 'Version');
    const version = typed?.toLowerCase() === 'none' ? null : (typed ?? undefined);
    return change(context, { productId: found.value.id, version, versionPolicy });
  },
  components: {
    [handler]: {
      reply: 'update',
      run: async (context) => {
        const productId = Number(context.state[0]);
        const versionPolicy = versionPolicies.find((each) => each === context.values[0]);
        const done = await change(context, { productId, versionPolicy });
        if (typeof done !== 'string') return done;
        // The staff member picked the current policy: the card stays, with the error above it.
        const info = await context.services.products.info(context.guildId, productId);
        return info.ok ? { ...(await show(context, info.value.product, [], 'Version')), content: done } : done;
      },
    },
  },
};

interface VersionChange {
  readonly productId: number;
  readonly version?: string | null | undefined;
  readonly versionPolicy?: VersionPolicy | undefined;
}

async function change(context: GuildContext, input: VersionChange): Promise<Reply | string> {
  const done = await context.services.products.setVersion({ ...context.by, ...input });
  if (!done.ok) return describeCommandError(done.error);
  return show(context, done.value.product, done.value.effectIds, 'Version changed');
}

/** The version, how many clients it denies, and a menu of policies with how many clients each would deny. */
async function show(
  context: GuildContext,
  product: Product,
  effectIds: readonly number[],
  title: string,
): Promise<Reply> {
  const refused = await refusedBy(context, product);
  const options = versionPolicies.map((value) => ({
    label: `${value}: ${policyWords[value]}`,
    value,
    description: `${count(refused[value], 'client')} of the last 24 h refused`,
    chosen: value === product.versionPolicy,
  }));
  const policies = row(select(context.customId(handler, [product.id]), 'Which versions may run', options));
  return changeReply(context, effectIds, describeVersionCard(title, product, refused), { rows: [policies] });
}

async function refusedBy({ services, guildId }: GuildContext, { id, version }: Product): Promise<RefusedClients> {
  const counts = { exact: 0, released: 0, minimum: 0, any: 0 };
  for (const versionPolicy of versionPolicies) {
    const preview = await services.products.previewVersion(guildId, { productId: id, version, versionPolicy });
    if (preview.ok) counts[versionPolicy] = preview.value.deniedClients;
  }
  return counts;
}

export function describeVersionCard(title: string, product: Product, refused: RefusedClients): Card {
  const now = refused[product.versionPolicy];
  const kinder = versionPolicies.filter((policy) => refused[policy] < now);
  return {
    title,
    lines: [
      productName(product),
      describeVersion(product),
      now === 0
        ? 'No client of the last 24 h is refused.'
        : `⚠️ ${count(now, 'client')} of the last 24 h will be refused.`,
      ...(kinder.length === 0 ? [] : ['Another policy below lets more of them in.']),
    ],
    tone: now === 0 ? 'good' : 'warning',
  };
}
