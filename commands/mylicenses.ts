import { SlashCommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { ComponentHandler, SlashCommand } from '../src/discord/framework/command.ts';
import type { ComponentCall, CommandContext } from '../src/discord/framework/command-context.ts';
import { parseResetTarget } from '../src/discord/options/machine-ref.ts';
import { ownCard, ownLicenses } from '../src/discord/views/own-licenses.ts';
import { handlerNames } from '../src/discord/framework/handler-names.ts';
import { helperModal, shareLicense } from '../src/discord/views/share-license.ts';
import { keyMessage } from '../src/discord/texts/key-message.ts';
import { describeOwnChecks } from '../src/discord/texts/owner-card.ts';
import { count, listWords } from '../src/discord/texts/phrases.ts';
import { kindWords } from '../src/discord/texts/machines.ts';
import { bindingKinds } from '../src/domain/limits.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { ResetDone } from '../src/services/licenses/license-service.ts';

type Press = CommandContext & ComponentCall;

const shownChecks = 10;

/** For buttons and selects that change a license; their state begins with the license's id. */
const changes = { reply: 'update', once: true } as const;

const components: Readonly<Record<string, ComponentHandler>> = {
  [handlerNames.myLicenses]: { reply: 'private', run: (context) => ownLicenses(context, 0) },
  'my-page': { reply: 'update', run: (context) => ownLicenses(context, Number(context.state[0])) },
  'my-show': { reply: 'update', run: (context) => ownCard(context, Number(context.values[0])) },
  'my-key': { reply: 'private', run: showKey },
  'my-checks': { reply: 'private', run: showChecks },
  'my-forget': { ...changes, run: (context) => forget(context, context.state[1] ?? '') },
  'my-forget-one': { ...changes, run: (context) => forget(context, context.values[0] ?? '') },
  'my-switch': { ...changes, run: switchLicense },
  'my-card': { reply: 'update', run: (context) => ownCard(context, Number(context.state[0])) },
  'my-share': { reply: 'update', run: (context) => shareLicense(context, Number(context.state[0])) },
  'my-share-add': { ...changes, run: (context) => share(context, context.values[0] ?? '') },
  'my-share-id': {
    reply: 'update',
    modal: (context) => helperModal(context, context.state[0] ?? ''),
    run: (context) => shareLicense(context, Number(context.state[0])),
  },
  'my-share-typed': { reply: 'update', run: (context) => share(context, context.field('user')) },
  'my-unshare': { ...changes, run: unshare },
  'my-share-key': { ...changes, run: showKeyToHelpers },
};

export const mylicenses: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('mylicenses')
    .setDescription('Your licenses: how they are doing, their keys and their machines'),
  access: 'buyer',
  reply: 'private',
  run: (context) => ownLicenses(context, 0),
  components,
};

function ownOf({ user, state }: Press) {
  return { userId: user.id, licenseId: Number(state[0]) };
}

async function showKey(context: Press): Promise<Reply | string> {
  const shown = await context.services.buyers.showKey(ownOf(context));
  if (!shown.ok) return describeCommandError(shown.error);
  return {
    content: 'The next message is your key, alone. ⚠️ **Never share it.**',
    more: [keyMessage(shown.value.key)],
  };
}

async function showChecks(context: Press): Promise<Reply | string> {
  const { buyers } = context.services;
  const own = ownOf(context);
  const [card, checks] = [await buyers.license(own), await buyers.checks(own, shownChecks)];
  if (!card.ok) return describeCommandError(card.error);
  return checks.ok ? { embeds: [describeOwnChecks(card.value, checks.value)] } : describeCommandError(checks.error);
}

async function forget(context: Press, text: string): Promise<Reply | string> {
  const { buyers } = context.services;
  const own = ownOf(context);
  const card = await buyers.license(own);
  if (!card.ok) return describeCommandError(card.error);
  const what = parseResetTarget(text, card.value.bindings);
  if (what === null) return ownCard(context, own.licenseId, describeCommandError({ code: 'binding-not-found' }));
  const done = await buyers.reset({ ...own, what });
  return ownCard(context, own.licenseId, done.ok ? describeForgotten(done.value) : describeCommandError(done.error));
}

export function describeForgotten({ released }: Pick<ResetDone, 'released'>): string {
  const kinds = bindingKinds.filter((kind) => released[kind] > 0);
  const what = kinds.map((kind) => count(released[kind], kindWords[kind].one, kindWords[kind].many));
  return `Forgotten: ${listWords(what)}. The next machine that checks takes the free place.`;
}

async function switchLicense(context: Press): Promise<Reply | string> {
  const own = ownOf(context);
  const on = context.state[1] === 'on';
  const done = await context.services.buyers.switch({ ...own, on });
  if (!done.ok) return ownCard(context, own.licenseId, describeCommandError(done.error));
  const notice = on ? 'It is switched on again.' : 'It is paused: every check is refused until you switch it on.';
  return ownCard(context, own.licenseId, notice);
}

async function share(context: Press, helperId: string): Promise<Reply | string> {
  const own = ownOf(context);
  if (context.isBot(helperId)) return shareLicense(context, own.licenseId, 'A license cannot be shared with a bot.');
  const done = await context.services.buyers.share({ ...own, helperId });
  return shareLicense(context, own.licenseId, done.ok ? 'It is shared.' : describeCommandError(done.error));
}

async function unshare(context: Press): Promise<Reply | string> {
  const own = ownOf(context);
  const done = await context.services.buyers.unshare({ ...own, helperId: context.state[1] ?? '' });
  return shareLicense(context, own.licenseId, done.ok ? 'It is no longer shared.' : describeCommandError(done.error));
}

async function showKeyToHelpers(context: Press): Promise<Reply | string> {
  const own = ownOf(context);
  const isShown = context.state[1] === 'on';
  const done = await context.services.buyers.showKeyToHelpers({ ...own, isShown });
  return shareLicense(context, own.licenseId, done.ok ? '' : describeCommandError(done.error));
}
