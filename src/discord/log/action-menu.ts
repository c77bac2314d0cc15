import { describeCommandError } from '../texts/command-errors.ts';
import { describeImpact } from '../../texts/blacklist-impact.ts';
import { addBlacklistEntry, askAboutEntry, type BlacklistInput } from '../views/add-blacklist-entry.ts';
import type { Reply, Row } from '../framework/reply.ts';
import type { ComponentHandler } from '../framework/command.ts';
import { changeReply } from '../framework/change-reply.ts';
import { button, row, select, type SelectOption } from '../framework/components.ts';
import type { ComponentCall, Delivery, GuildContext } from '../framework/command-context.ts';
import { encodeCustomId, type Sign } from '../framework/custom-id.ts';
import { handlerNames } from '../framework/handler-names.ts';
import { historyButton } from '../views/audit-page.ts';
import { followHwidButton } from '../views/follow-hwid.ts';
import { suspendLicense } from '../views/suspend-license.ts';
import { embed } from '../framework/embed.ts';
import { changeSetting, describeOutcome } from '../settings/change-setting.ts';
import { describeSettingLine } from '../texts/settings.ts';
import { describeCard } from '../texts/license-card.ts';
import { describeRow } from '../texts/licenses.ts';
import { count, listWords, mentionUser } from '../texts/phrases.ts';

type Call = GuildContext & ComponentCall;

/** A subject of a log message that the menu offers: `license:12`, `ip:203.0.113.5`, `resend:12` or `returned:5`. */
export type Target = SelectOption;

export const licenseTarget = (id: number, label: string): Target => ({ value: `license:${id}`, label });
export const ipTarget = (ip: string): Target => ({ value: `ip:${ip}`, label: `IP ${ip}` });
export const resendTarget = (id: number): Target => ({
  value: `resend:${id}`,
  label: `Send key of license ${id} again`,
});

export const returnedTarget = (userId: string): Target => ({
  value: `returned:${userId}`,
  label: `Resume what was suspended when ${userId} left`,
});

export const placeholdersTarget: Target = { value: 'placeholders:', label: 'Refuse HWIDs that identify no machine' };

/** The button under alerts about addresses that change. */
export function followHwidRow(sign: Sign): Row {
  const id = { handler: handlerNames.followHwid, userId: null, until: null, state: [] };
  return row(followHwidButton(encodeCustomId(id, sign)));
}

/** The menu under a log message, for all staff who have the permission; no row where there is nothing to offer. */
export function actionMenuRows(targets: readonly Target[], sign: Sign): readonly Row[] {
  const distinct = [...new Map(targets.map((target) => [target.value, target])).values()];
  if (distinct.length === 0) return [];
  const customId = encodeCustomId({ handler: handlerNames.actionMenu, userId: null, until: null, state: [] }, sign);
  return [row(select(customId, 'Act on…', distinct))];
}

async function showTarget(context: Call): Promise<Reply | string> {
  const [kind, text] = splitOnce(context.values[0] ?? '');
  if (kind === 'ip') return showIp(context, text);
  if (kind === 'resend') return resend(context, Number(text));
  if (kind === 'returned') return showReturned(context, text);
  if (kind === 'placeholders') return showPlaceholders(context);
  return showLicense(context, Number(text));
}

async function showLicense(context: Call, licenseId: number): Promise<Reply | string> {
  const { services, guildId, customId } = context;
  const found = await services.licenses.card(guildId, licenseId);
  if (!found.ok) return describeCommandError(found.error);
  const isActive = found.value.state === 'active';
  const suspension = button(customId('act-suspend', [licenseId], { minutes: 15 }), 'Suspend', 'danger', !isActive);
  const follow = found.value.addressPattern === null ? [] : [followHwidButton(customId(handlerNames.followHwid))];
  return {
    embeds: [describeCard(found.value)],
    rows: [row(suspension, ...historyButton(context, licenseId), ...follow)],
    postable: true,
  };
}

/** Many customers may share an address, so one that needs a confirmation is asked about in the same words as ever. */
async function showIp(context: Call, ip: string): Promise<Reply | string> {
  const assessed = await context.services.blacklist.assess(context.guildId, 'ip', ip);
  if (!assessed.ok) return describeCommandError(assessed.error);
  const { concerns, impact } = assessed.value;
  if (concerns.length > 0) return askAboutEntry(context, ipEntry(ip), assessed.value);
  const blacklist = context.customId('act-blacklist', [ip], { minutes: 15 });
  return {
    embeds: [embed({ title: `IP ${ip}`, lines: [describeImpact('ip', impact)], tone: 'warning' })],
    rows: [row(button(blacklist, 'Blacklist for 30 days', 'danger'))],
  };
}

function ipEntry(ip: string): BlacklistInput {
  return { type: 'ip', value: ip, reason: null };
}

async function resend(context: Call, licenseId: number): Promise<Reply | string> {
  const missing = context.missing('license.resend');
  if (missing !== null) return missing;
  const sent = await context.services.licenses.resend({ ...context.by, licenseId });
  if (!sent.ok) return describeCommandError(sent.error);
  const report = context.delivery(sent.value.effectIds);
  const toReply = ({ lines, rows }: Delivery) => ({ content: lines.join('\n'), rows });
  return { ...toReply(await report.soFar()), later: async () => toReply(await report.end()) };
}

async function showReturned({ services, guildId, customId }: Call, userId: string): Promise<Reply | string> {
  const views = [];
  for (const { id } of await services.members.suspendedByDeparture(guildId, userId)) {
    const view = await services.licenses.view(guildId, id);
    if (view.ok) views.push(view.value);
  }
  if (views.length === 0) return `No license of ${mentionUser(userId)} is suspended because they left.`;
  const label = `Resume ${count(views.length, 'license')}`;
  return {
    embeds: [embed({ title: 'Suspended when their owner left', lines: views.map(describeRow), tone: 'warning' })],
    rows: [row(button(customId('act-returned', [userId], { minutes: 15 }), label, 'good'))],
  };
}

async function resumeReturned(context: Call): Promise<Reply> {
  const userId = context.state[0] ?? '';
  const { licenses, effectIds } = await context.services.members.resumeAfterDeparture({ ...context.by, userId });
  const stillSuspended = licenses.filter(({ holds }) => holds.length > 0);
  const lines = [
    `${count(licenses.length, 'license')} of ${mentionUser(userId)} ${licenses.length === 1 ? 'is' : 'are'} no longer suspended because they left.`,
    ...(stillSuspended.length === 0
      ? []
      : [`Still suspended for other reasons: ${listWords(stillSuspended.map(({ id }) => `#${id}`))}.`]),
  ];
  return changeReply(context, effectIds, { title: 'Licenses resumed', lines });
}

function showPlaceholders({ customId, settings }: Call): Reply {
  const lines = [
    'Some machines report the same text instead of an id of their own, such as “unknown”. All of them count as one machine, so that a limit of HWIDs does not stop a shared key.',
    'Refused, a check with such a HWID is answered as one without a HWID. Customers whose program can send no other are then locked out; update the program first.',
    '',
    describeSettingLine('hwid.placeholders', settings),
  ];
  const isRefused = settings['hwid.placeholders'] === 'refuse';
  const refuse = button(customId('act-placeholders', [], { minutes: 15 }), 'Refuse them', 'danger', isRefused);
  return { embeds: [embed({ title: 'HWIDs that identify no machine', lines, tone: 'warning' })], rows: [row(refuse)] };
}

async function refusePlaceholders(context: Call): Promise<Reply> {
  const outcome = await changeSetting(context, 'hwid.placeholders', 'refuse');
  return { content: describeOutcome(outcome), embeds: [], rows: [] };
}

const changes = { reply: 'update', once: true } as const;

export const actionMenuHandlers: Readonly<Record<string, ComponentHandler<GuildContext>>> = {
  [handlerNames.actionMenu]: { access: 'license.view', reply: 'private', run: showTarget },
  'act-suspend': {
    access: 'license.suspend',
    ...changes,
    run: (context) => suspendLicense(context, Number(context.state[0]), { reason: null, silent: false }),
  },
  'act-returned': { access: 'license.suspend', ...changes, run: resumeReturned },
  'act-placeholders': { access: 'settings', ...changes, run: refusePlaceholders },
  'act-blacklist': {
    access: 'blacklist',
    ...changes,
    run: (context) => addBlacklistEntry(context, ipEntry(context.state[0] ?? '')),
  },
};

function splitOnce(value: string): readonly [string, string] {
  const at = value.indexOf(':');
  return [value.slice(0, at), value.slice(at + 1)];
}
