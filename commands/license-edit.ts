import { SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { createDialog } from '../src/discord/framework/dialog.ts';
import type { Choice, GuildContext, Options } from '../src/discord/framework/command-context.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { kindTexts, limitsFrom, limitTextsSchema, zeroLimitQuestion } from '../src/discord/options/limit-options.ts';
import { pointsFrom, pointSuggestions } from '../src/discord/options/point-options.ts';
import * as products from '../src/discord/options/product-list-option.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { removableTextFrom, removableTextSchema } from '../src/discord/options/removable-text.ts';
import { expirySuggestions, limitSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { describeEdited, describeNewlyLimited } from '../src/discord/texts/license-edits.ts';
import { kindWords } from '../src/discord/texts/machines.ts';
import { type BindingKind, bindingKinds } from '../src/domain/limits.ts';
import { type PointsChange, replenishIntervals } from '../src/domain/points.ts';
import { describePointsProblem } from '../src/texts/points-problems.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';

const count = z.number().nullish();
const changesSchema = z.object({
  licenseId: z.number(),
  product: z.string().optional(),
  addProducts: z.array(z.string()).optional(),
  removeProducts: z.array(z.string()).optional(),
  allProducts: z.boolean().optional(),
  expires: z.string().optional(),
  staff: z.boolean().optional(),
  limits: limitTextsSchema,
  forgetAfter: limitTextsSchema,
  points: z.object({ left: count, limit: count, amount: count, interval: z.enum(replenishIntervals).nullish() }),
  name: removableTextSchema,
  note: removableTextSchema,
  order: removableTextSchema,
  scope: removableTextSchema,
});
type Changes = z.infer<typeof changesSchema>;

const dialog = createDialog({
  handler: 'license-edit-go',
  input: changesSchema,
  question: (_context, { limits }) => zeroLimitQuestion(limits, 'Set it to 0'),
  run: async (context, changes) => {
    const { services, by, isManager } = context;
    const done = await services.licenses.edit({ ...by, ...changes, mayManage: isManager });
    if (!done.ok) return describeCommandError(done.error);
    const warnings = describeNewlyLimited(done.value.newlyLimited);
    return changeReply(context, done.value.effectIds, describeEdited(done.value), { warnings });
  },
});

const texts = [
  ['name', fieldLimits.name, 'A name for people'],
  ['note', fieldLimits.note, 'For staff only'],
  ['order', fieldLimits.order, 'The shop’s reference'],
  ['scope', fieldLimits.scope, 'What its checks must name (LicenseGate)'],
] as const;

export const licenseEdit: Subcommand = {
  definition: editDefinition(),
  access: 'license.edit',
  reply: 'private',
  autocomplete: (context) => choices(context, context.focused.name, context.focused.text),
  run: async (context) => {
    const found = await licenseFrom(context, context.options);
    if (!found.ok) return describeCommandError(found.error);
    const points = pointsFrom(context.options);
    if (!points.ok) return describePointsProblem(points.error);
    const changes = changesFrom(context.options, found.value.id, points.value);
    const listIn = (name: string) => products.readList(context, context.options.text(name));
    const lists = { addProducts: await listIn('add-product'), removeProducts: await listIn('remove-product') };
    return dialog.start(context, { ...changes, ...lists });
  },
  components: dialog.components,
};

function editDefinition() {
  const command = new SlashCommandSubcommandBuilder()
    .setName('edit')
    .setDescription('Change a license')
    .addStringOption(licenseOption)
    .addStringOption(productOption)
    .addStringOption(products.listOption('add-product', 'Further products that it is for from now on'))
    .addStringOption(products.listOption('remove-product', 'Further products that it is no longer for'))
    .addBooleanOption(products.allProductsOption);
  const addText = (name: string, description: string, maxLength: number, completes: boolean) =>
    command.addStringOption((option) =>
      option.setName(name).setDescription(description).setMaxLength(maxLength).setAutocomplete(completes),
    );
  addText('expires', 'never, 2027-01-31, 30d from its creation, 30d@activation', 50, true);
  for (const kind of bindingKinds) addText(limitName(kind), `How many ${kindWords[kind].many}, or inherit`, 20, true);
  for (const kind of bindingKinds) {
    addText(
      forgetName(kind),
      `After how long unseen ${kindWords[kind].many} are forgotten: 12h, never, inherit`,
      20,
      true,
    );
  }
  addText('points', 'Validation points it has now (LicenseGate), or unlimited', 20, true);
  addText('points-limit', 'How far they fill up again, or none', 20, true);
  addText('points-refill', 'How they come back: 10/minute, 5 per hour, 1/10s, 100/day, none', 30, true);
  command.addBooleanOption((option) => option.setName('staff').setDescription('Passes the checks of every product'));
  for (const [name, maxLength, description] of texts)
    addText(name, `${description}; none removes it`, maxLength, false);
  return command;
}

function limitName(kind: BindingKind): string {
  return `${kind}-limit`;
}

function forgetName(kind: BindingKind): string {
  return `${kind}-forget-after`;
}

async function choices(context: GuildContext, name: string, typed: string): Promise<readonly Choice[]> {
  if (name === 'license') return licenseChoices(context, typed);
  if (name === 'product') return productChoices(context, typed);
  if (name.endsWith('-product')) return products.listChoices(context, typed);
  if (name === 'expires') return suggest(expirySuggestions, typed);
  const points = pointSuggestions.get(name);
  if (points) return suggest(points, typed);
  return suggest(
    name.endsWith('-limit') ? [...limitSuggestions, 'inherit'] : ['12h', '7d', '30d', 'never', 'inherit'],
    typed,
  );
}

/** Only the options that were given; `none` removes a text. */
function changesFrom(options: Options, licenseId: number, points: PointsChange): Changes {
  return {
    licenseId,
    points,
    product: options.text('product') ?? undefined,
    expires: options.text('expires') ?? undefined,
    staff: options.flag('staff') ?? undefined,
    allProducts: options.flag('all-products') ?? undefined,
    limits: limitsFrom(options),
    forgetAfter: kindTexts(options, forgetName),
    ...Object.fromEntries(texts.map(([name]) => [name, removableTextFrom(options, name)])),
  };
}
