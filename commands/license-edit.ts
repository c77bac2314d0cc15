import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { askFirst } from '../src/discord/framework/confirm.ts';
import type { Choice, GuildContext, Options } from '../src/discord/framework/context.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { kindTexts, limitsFrom, zeroLimitKinds } from '../src/discord/options/limit-options.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { expirySuggestions, limitSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { describeEdited, describeNewlyLimited } from '../src/discord/texts/license-edits.ts';
import { describeLockedOut } from '../src/discord/texts/license-issue.ts';
import { kindWords } from '../src/discord/texts/machines.ts';
import { type BindingKind, bindingKinds } from '../src/domain/limits.ts';
import { parsePoints } from '../src/domain/parse-points.ts';
import { fieldLimits } from '../src/domain/field-limits.ts';
import { describeCommandError } from '../src/texts/command-errors.ts';
import { describePointsProblem } from '../src/texts/points-problems.ts';
import type { EditInput } from '../src/services/licenses/license-service.ts';

type Changes = Omit<EditInput, 'guildId' | 'actor' | 'mayManage' | 'reason' | 'silent'>;

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
    const changes = { ...changesFrom(context.options, found.value.id), points: points.value };
    const shut = zeroLimitKinds(changes.limits ?? {});
    if (shut.length === 0) return edit(context, changes);
    return askFirst(context, {
      title: 'A limit of 0?',
      lines: describeLockedOut(shut),
      label: 'Set it to 0',
      handler: 'license-edit-go',
      state: [await context.saveState(changes)],
    });
  },
  components: {
    'license-edit-go': {
      reply: 'update',
      once: true,
      run: async (context) => {
        const changes = (await context.savedState(context.state[0] ?? '')) as Changes | null;
        return changes ? edit(context, changes) : 'This question is too old. Run the command again.';
      },
    },
  },
};

function editDefinition() {
  const command = new SlashCommandSubcommandBuilder()
    .setName('edit')
    .setDescription('Change a license')
    .addStringOption(licenseOption)
    .addStringOption(productOption);
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

const pointSuggestions = new Map([
  ['points', ['10', '100', '1000', 'unlimited']],
  ['points-limit', ['10', '100', '1000', 'none']],
  ['points-refill', ['10/minute', '100/hour', '1000/day', 'none']],
]);

async function choices(context: GuildContext, name: string, typed: string): Promise<readonly Choice[]> {
  if (name === 'license') return licenseChoices(context, typed);
  if (name === 'product') return productChoices(context, typed);
  if (name === 'expires') return suggest(expirySuggestions, typed);
  const points = pointSuggestions.get(name);
  if (points) return suggest(points, typed);
  return suggest(
    name.endsWith('-limit') ? [...limitSuggestions, 'inherit'] : ['12h', '7d', '30d', 'never', 'inherit'],
    typed,
  );
}

/** Only what was given; `none` takes a text away. */
function changesFrom(options: Options, licenseId: number): Changes {
  const given = texts.flatMap(([name]) => {
    const text = options.text(name);
    return text === null ? [] : [[name, text.toLowerCase() === 'none' ? null : text] as const];
  });
  return {
    licenseId,
    product: options.text('product') ?? undefined,
    expires: options.text('expires') ?? undefined,
    staff: options.flag('staff') ?? undefined,
    limits: limitsFrom(options),
    forgetAfter: kindTexts(options, forgetName),
    ...Object.fromEntries(given),
  };
}

function pointsFrom(options: Options) {
  const text = (name: string) => options.text(name) ?? undefined;
  return parsePoints({ left: text('points'), limit: text('points-limit'), refill: text('points-refill') });
}

async function edit(context: GuildContext, changes: Changes): Promise<Reply | string> {
  const input = { ...context.by, ...changes, mayManage: context.isManager };
  const done = await context.services.licenses.edit(input);
  if (!done.ok) return describeCommandError(done.error);
  const { effectIds, newlyLimited } = done.value;
  return changeReply(context, effectIds, describeEdited(done.value), { warnings: describeNewlyLimited(newlyLimited) });
}
