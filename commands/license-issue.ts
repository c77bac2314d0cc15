import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { textModal } from '../src/discord/framework/components.ts';
import { askFirst } from '../src/discord/framework/confirm.ts';
import type { GuildContext, Options } from '../src/discord/framework/context.ts';
import { limitOption, limitsFrom, zeroLimitKinds } from '../src/discord/options/limit-options.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { expirySuggestions, limitSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { silentOption } from '../src/discord/options/notification-options.ts';
import { describeIssued, describeLockedOut } from '../src/discord/texts/license-issue.ts';
import { keysOnly } from '../src/discord/texts/direct-message.ts';
import { withoutQuotes } from '../src/domain/key-format.ts';
import { describeCommandError } from '../src/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/field-limits.ts';
import type { LimitTexts } from '../src/services/licenses/license-service.ts';

/** What was asked for, as it is kept while a question is open: without the key, which is stored sealed or not at all. */
interface Request {
  readonly product: string | null;
  readonly ownerId: string | null;
  readonly amount: number;
  readonly expires: string | null;
  readonly limits: LimitTexts;
  readonly staff: boolean;
  readonly order: string | null;
  readonly note: string | null;
  readonly silent: boolean;
  readonly hasKey: boolean;
  /** Questions that were answered with yes. */
  readonly zeroMeant: boolean;
  readonly duplicateMeant: boolean;
}

const handler = 'license-issue-go';

export const licenseIssue: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('issue')
    .setDescription('Make licenses; their owner gets the key by DM')
    .addStringOption(productOption)
    .addUserOption((option) => option.setName('user').setDescription('The owner; left out, whoever redeems the key'))
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
    .addBooleanOption(silentOption),
  access: 'license.issue',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    if (name === 'product') return productChoices(context, text);
    return suggest(name === 'expires' ? expirySuggestions : limitSuggestions, text);
  },
  run: (context) => {
    const { options } = context;
    if (options.user('user')?.bot) return Promise.resolve('A bot cannot own a license.');
    return issue(context, requestFrom(options), options.key('key'));
  },
  components: {
    [handler]: {
      reply: 'update',
      once: true,
      // The key itself was not kept, so it is asked for again.
      modal: (context) =>
        context.state[1] === 'key'
          ? textModal(context.customId(handler, context.state), 'The key once more', [
              { id: 'key', label: 'Key', maxLength: 300 },
            ])
          : null,
      run: async (context) => {
        const request = (await context.savedState(context.state[0] ?? '')) as Request | null;
        if (!request) return 'This question is too old. Run the command again.';
        return issue(context, request, request.hasKey ? withoutQuotes(context.field('key')) : null);
      },
    },
  },
};

function requestFrom(options: Options): Request {
  return {
    product: options.text('product'),
    ownerId: options.userId('user'),
    amount: options.number('amount') ?? 1,
    expires: options.text('expires'),
    limits: limitsFrom(options),
    staff: options.flag('staff') ?? false,
    order: options.text('order'),
    note: options.text('note'),
    silent: options.flag('silent') ?? false,
    hasKey: options.key('key') !== null,
    zeroMeant: false,
    duplicateMeant: false,
  };
}

async function issue(context: GuildContext, request: Request, key: string | null): Promise<Reply | string> {
  const shut = zeroLimitKinds(request.limits);
  if (shut.length > 0 && !request.zeroMeant) {
    return ask(context, { ...request, zeroMeant: true }, 'A limit of 0?', describeLockedOut(shut));
  }
  const { ownerId, silent, duplicateMeant, expires, ...fields } = request;
  const done = await context.services.licenses.issue({
    ...context.by,
    ...fields,
    ownerId,
    silent,
    expires: expires ?? undefined,
    key: key ?? undefined,
    mayManage: context.isManager,
    confirmed: duplicateMeant,
  });
  if (!done.ok) {
    const why = describeCommandError(done.error);
    if (done.error.code !== 'duplicate-order') return why;
    return ask(context, { ...request, duplicateMeant: true }, 'Issue another one?', [why]);
  }
  const { issued, effectIds } = done.value;
  const answer = await changeReply(context, effectIds, describeIssued(done.value, silent));
  // A key that goes to its owner by DM is not shown to staff.
  if (ownerId !== null && !silent) return answer;
  const keys = issued.map((one) => one.key);
  const file = { name: 'license-keys.txt', data: keys.map((one) => `${one}\n`).join('') };
  const alone = keys.length === 1 ? [keysOnly([{ key: keys[0] ?? '', product: done.value.product.name }])] : [];
  return { ...answer, files: [file], more: alone };
}

async function ask(context: GuildContext, request: Request, title: string, lines: readonly string[]): Promise<Reply> {
  const token = await context.saveState(request);
  return askFirst(context, { title, lines, label: 'Issue', handler, state: request.hasKey ? [token, 'key'] : [token] });
}
