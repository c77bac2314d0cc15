import type { SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import { bindingKinds } from '../../domain/limits.ts';
import { maxGraceDays, versionPolicies } from '../../domain/product.ts';
import { fieldLimits } from '../../domain/values/field-limits.ts';
import type { ProductFields } from '../../services/products/product-service.ts';
import type { Choice, GuildContext, Options } from '../framework/command-context.ts';
import { kindWords } from '../texts/machines.ts';
import { expirySuggestions, limitSuggestions, suggest } from './suggest.ts';
import { limitsFrom, limitTextsSchema } from './limit-options.ts';
import { removableTextFrom, removableTextSchema } from './removable-text.ts';

const roles = [
  ['buyer-role', 'The role that its owners get; @everyone: none'],
  ['claim-role', 'Whose members may claim a license; @everyone: none'],
] as const;
const texts = [
  ['description', fieldLimits.description, 'What it is; none removes it'],
  ['url', fieldLimits.url, 'Where people read about it; none removes it'],
  ['image', fieldLimits.url, 'The address of its picture; none removes it'],
] as const;

const terms = [
  ['expires', 'When licenses end that are issued without an end: 30d, 30d@activation; none removes it'],
  ['trial', 'How long a trial lasts that members get with /trial: 12h, 7d; none removes it'],
] as const;

/** What options of products offer while they are typed. */
export function suggestProductField(name: string, typed: string): readonly Choice[] {
  if (name === 'expires') return suggest([...expirySuggestions, 'none'], typed);
  if (name === 'trial') return suggest(['1d', '3d', '7d', '14d', 'none'], typed);
  return suggest([...limitSuggestions, 'inherit'], typed);
}

/** Fields that are typed into a form on the product's card. */
export type FormField = 'features' | 'metadata';

export const productFieldShape = {
  description: removableTextSchema,
  url: removableTextSchema,
  imageUrl: removableTextSchema,
  version: removableTextSchema,
  versionPolicy: z.enum(versionPolicies).optional(),
  buyerRoleId: removableTextSchema,
  claimRoleId: removableTextSchema,
  term: removableTextSchema,
  trial: removableTextSchema,
  graceDays: z.number().optional(),
  limits: limitTextsSchema.optional(),
} satisfies Record<Exclude<keyof ProductFields, FormField>, z.ZodType>;

/** The options that `/product create` and `/product edit` have in common. */
export function addProductFields(command: SlashCommandSubcommandBuilder): SlashCommandSubcommandBuilder {
  for (const [name, description] of roles) {
    command.addRoleOption((option) => option.setName(name).setDescription(description));
  }
  for (const kind of bindingKinds) {
    command.addStringOption((option) =>
      option
        .setName(`${kind}-limit`)
        .setDescription(`How many ${kindWords[kind].many} a license may use; inherit: as in the settings`)
        .setMaxLength(20)
        .setAutocomplete(true),
    );
  }
  for (const [name, description] of terms) {
    command.addStringOption((option) =>
      option.setName(name).setDescription(description).setMaxLength(50).setAutocomplete(true),
    );
  }
  command.addIntegerOption((option) =>
    option
      .setName('grace-days')
      .setDescription('For how many days after the end programs still run')
      .setMinValue(0)
      .setMaxValue(maxGraceDays),
  );
  for (const [name, maxLength, description] of texts) {
    command.addStringOption((option) => option.setName(name).setDescription(description).setMaxLength(maxLength));
  }
  return command;
}

/** Only the options that were given; `none` and @everyone remove a value. */
export function productFieldsFrom({ options, guildId }: GuildContext & { readonly options: Options }): ProductFields {
  const text = (name: string) => removableTextFrom(options, name);
  const role = (name: string) => {
    const given = options.roleId(name);
    return given === guildId ? null : (given ?? undefined);
  };
  return {
    description: text('description'),
    url: text('url'),
    imageUrl: text('image'),
    buyerRoleId: role('buyer-role'),
    claimRoleId: role('claim-role'),
    term: text('expires'),
    trial: text('trial'),
    graceDays: options.number('grace-days') ?? undefined,
    limits: limitsFrom(options),
  };
}
