import { commandLine } from '../domain/actor.ts';
import { type BlacklistEntry, blacklistTypes, type BlacklistType } from '../domain/blacklist/blacklist.ts';
import type { BlacklistAssessment } from '../domain/blacklist/blacklist-impact.ts';
import { blacklistEntryJson } from '../services/json/blacklist-entry-json.ts';
import type { Services } from '../services/services.ts';
import type { ListOutput, ListItem } from './framework/output.ts';
import type { CliCommand } from './framework/command.ts';
import { UsageError, unwrap } from './framework/errors.ts';
import { moment } from './framework/format.ts';
import { shellQuote } from './framework/shell-quote.ts';
import { describeConcerns, describeImpact } from '../texts/blacklist-impact.ts';

const pageSize = 1000;
const choices = { type: blacklistTypes };

function toItem(entry: BlacklistEntry): ListItem {
  const end = entry.expiresAt === null ? 'never' : moment(entry.expiresAt);
  const cells = [String(entry.id), entry.type, entry.value, String(entry.hits), end, entry.reason ?? ''];
  return { json: blacklistEntryJson(entry), cells };
}

function toOutput(pages: ListOutput['pages'], emptyText: string): ListOutput {
  const columns = ['ID', 'TYPE', 'VALUE', 'HITS', 'ENDS', 'REASON'];
  return { name: 'entries', heading: null, columns, pages, emptyText };
}

async function* readPages({ blacklist }: Services, guildId: string): AsyncGenerator<readonly ListItem[]> {
  let beforeId: number | null = null;
  for (;;) {
    const entries: readonly BlacklistEntry[] = await blacklist.list(guildId, null, { limit: pageSize, beforeId });
    yield entries.map(toItem);
    beforeId = entries.at(-1)?.id ?? null;
    if (entries.length < pageSize) return;
  }
}

const keyNotes = 'Of the type key, digits alone are the id of a license; key:TEXT is always a key.';

/** Ends the command with what the entry would hit, and how to add it nevertheless. */
function needsConfirmation(assessment: BlacklistAssessment, platform: NodeJS.Platform): UsageError {
  const { type, impact, confirmWith } = assessment;
  const why = [describeImpact(type, impact), ...describeConcerns(assessment)].join(' ');
  return confirmWith === null
    ? new UsageError(`${why} Repeat with --yes to add it.`, 'needs-yes')
    : new UsageError(`${why} Repeat with --confirm ${shellQuote(confirmWith, platform)} to add it.`, 'needs-confirm');
}

export const blacklistCommands: readonly CliCommand[] = [
  {
    usage: 'blacklist add <type> <value>',
    description: 'deny an IP address or range, HWID, key, Discord user or country',
    choices,
    options: [
      { flags: '--reason <text>', description: 'why it is denied' },
      { flags: '--for <term>', description: 'for how long: 7d, or never; default: 30 days for an IP, else never' },
      { flags: '--yes', description: 'add it although it hits several licenses or is a wide range' },
      {
        flags: '--confirm <value>',
        description: 'add it although it may hit everybody: the value once more, or of a key the id of its license',
      },
    ],
    notes: keyNotes,
    run: async (call) => {
      const type = call.argument(0) as BlacklistType;
      const added = await call.services.blacklist.add({
        guildId: (await call.findGuild()).id,
        actor: commandLine,
        type,
        value: call.argument(1),
        reason: call.text('reason'),
        for: call.text('for'),
        confirmed: call.text('confirm') ?? call.flag('yes'),
        trustedProxies: call.context.config.http.trustedProxies,
      });
      if (!added.ok && added.error.code === 'blacklist-unconfirmed') {
        throw needsConfirmation(added.error.assessment, call.context.platform);
      }
      const { entry, impact } = unwrap(added);
      const hits = describeImpact(type, impact);
      if (impact.licenses === 0) call.warn(`${hits} Check it for a typing error.`);
      const end = entry.expiresAt === null ? '' : ` until ${moment(entry.expiresAt)}`;
      return {
        json: { entry: blacklistEntryJson(entry) },
        text: `The ${entry.type} ${entry.value} is on the blacklist${end}.${impact.licenses === 0 ? '' : ` ${hits}`}`,
      };
    },
  },
  {
    usage: 'blacklist remove <type> <value>',
    description: 'remove an entry from the blacklist',
    choices,
    notes: keyNotes,
    run: async (call) => {
      const guildId = (await call.findGuild()).id;
      const type = call.argument(0) as BlacklistType;
      const { id } = unwrap(await call.services.blacklist.find(guildId, type, call.argument(1)));
      const entry = unwrap(await call.services.blacklist.remove({ guildId, actor: commandLine, id }));
      return {
        json: { entry: blacklistEntryJson(entry) },
        text: `The ${entry.type} ${entry.value} is no longer on the blacklist.`,
      };
    },
  },
  {
    usage: 'blacklist list',
    description: 'list all entries, newest first',
    run: async (call) => toOutput(readPages(call.services, (await call.findGuild()).id), 'The blacklist is empty.'),
  },
  {
    usage: 'blacklist check <value>',
    description: 'list the entries that match an address, HWID, user, country or key',
    run: async (call) => {
      const entries = await call.services.blacklist.check((await call.findGuild()).id, call.argument(0));
      return toOutput([entries.map(toItem)], 'No entry of the blacklist matches.');
    },
  },
];
