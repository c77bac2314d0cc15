import { SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import type { Reply } from '../src/discord/framework/reply.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext, Options } from '../src/discord/framework/command-context.ts';
import { createDialog } from '../src/discord/framework/dialog.ts';
import { limitOption, limitsFrom, limitTextsSchema, zeroLimitQuestion } from '../src/discord/options/limit-options.ts';
import { ownerFrom } from '../src/discord/options/owner-option.ts';
import * as products from '../src/discord/options/product-list-option.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { expirySuggestions, limitSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { silentOption } from '../src/discord/options/notification-options.ts';
import { describeDenyingEntries } from '../src/discord/texts/blacklist.ts';
import { describeIssued } from '../src/discord/texts/license-issue.ts';
import { keyMessage } from '../src/discord/texts/key-message.ts';
import { withoutQuotes } from '../src/domain/values/key-format.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';

/** What was typed, without the key, which must not be stored in clear: after a question it is typed again. */
const requestSchema = z.object({
  product: z.string().nullable(),
  furtherProducts: z.array(z.string()).optional(),
  allProducts: z.boolean(),
  ownerId: z.string().nullable(),
  amount: z.number(),
  expires: z.string().nullable(),
  limits: limitTextsSchema,
  staff: z.boolean(),
  order: z.string().nullable(),
  note: z.string().nullable(),
  silent: z.boolean(),
  hasKey: z.boolean(),
  /** The staff member said yes to another license for the same order. */
  isDuplicateMeant: z.boolean(),
});
type Request = z.infer<typeof requestSchema>;

const dialog = createDialog({
  handler: 'license-issue-go',
  input: requestSchema,
  question: (_context, { limits }) => zeroLimitQuestion(limits, 'Issue'),
  retype: {
    title: 'The key once more',
    field: { id: 'key', label: 'Key', maxLength: 300 },
    isNeeded: ({ hasKey }) => hasKey,
  },
  run: issue,
});

export const licenseIssue: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('issue')
    .setDescription('Make licenses; their owner gets the key by DM')
    .addStringOption(productOption)
    .addUserOption((option) =>
      option.setName('user').setDescription('The owner; left out, the user who redeems the key'),
    )
    .addIntegerOption((option) =>
      option.setName('amount').setDescription('How many, 1 to 100').setMinValue(1).setMaxValue(100),
    )
    .addStringOption((option) =>
      option
        .setName('expires')
        .setDescription('never, 30d, 6mo, 1y, 2027-01-31, 30d@activation')
        .setAutocomplete(true)
        .setMaxLength(50),
    )
    .addStringOption((option) => limitOption(option, 'ip'))
    .addStringOption((option) => limitOption(option, 'hwid'))
    .addBooleanOption((option) =>
      option.setName('staff').setDescription('Passes the product and version checks of every product'),
    )
    .addStringOption((option) =>
      option.setName('key').setDescription('Your own key; left out, one is made').setMaxLength(300),
    )
    .addStringOption((option) =>
      option.setName('order').setDescription('The shop’s reference').setMaxLength(fieldLimits.order),
    )
    .addStringOption((option) => option.setName('note').setDescription('For staff only').setMaxLength(fieldLimits.note))
    .addStringOption(products.listOption('also', 'Further products that it is for'))
    .addBooleanOption(products.allProductsOption)
    .addBooleanOption(silentOption),
  access: 'license.issue',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    if (name === 'product') return productChoices(context, text);
    if (name === 'also') return products.listChoices(context, text);
    return suggest(name === 'expires' ? expirySuggestions : limitSuggestions, text);
  },
  run: async (context) => {
    const owner = ownerFrom(context.options);
    if (!owner.ok) return owner.error;
    const furtherProducts = await products.readList(context, context.options.text('also'));
    const request = { ...requestFrom(context.options, owner.value), furtherProducts };
    return dialog.start(context, request, context.options.key('key'));
  },
  components: dialog.components,
};

function requestFrom(options: Options, ownerId: string | null): Request {
  return {
    product: options.text('product'),
    allProducts: options.flag('all-products') ?? false,
    ownerId,
    amount: options.number('amount') ?? 1,
    expires: options.text('expires'),
    limits: limitsFrom(options),
    staff: options.flag('staff') ?? false,
    order: options.text('order'),
    note: options.text('note'),
    silent: options.flag('silent') ?? false,
    hasKey: options.key('key') !== null,
    isDuplicateMeant: false,
  };
}

async function issue(context: GuildContext, request: Request, key: string | null): Promise<Reply | string> {
  const { ownerId, silent, isDuplicateMeant, expires, ...fields } = request;
  const done = await context.services.licenses.issue({
    ...context.by,
    ...fields,
    ownerId,
    silent,
    expires: expires ?? undefined,
    key: key === null ? undefined : withoutQuotes(key),
    mayManage: context.isManager,
    confirmed: isDuplicateMeant,
  });
  if (!done.ok) {
    const why = describeCommandError(done.error);
    if (done.error.code !== 'duplicate-order') return why;
    const question = { title: 'Issue another one?', lines: [why], label: 'Issue' };
    return dialog.ask(context, { ...request, isDuplicateMeant: true }, question);
  }
  const { issued, effectIds } = done.value;
  // All have the same owner. A supplied key may be on the blacklist, too, and then there is one license.
  const [first] = issued;
  const deniedBy = first ? await context.services.licenses.deniedBy(context.guildId, first.license.id) : [];
  const reply = await changeReply(context, effectIds, describeIssued(done.value, silent), {
    warnings: describeDenyingEntries(deniedBy),
  });
  // A key that goes to its owner by DM is not shown to staff.
  if (ownerId !== null && !silent) return reply;
  const keys = issued.map((one) => one.key);
  const file = { name: 'license-keys.txt', data: keys.map((one) => `${one}\n`).join('') };
  const alone = keys.length === 1 ? [keyMessage(keys[0] ?? '')] : [];
  return { ...reply, files: [file], more: alone };
}
