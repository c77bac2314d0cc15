import { commandLine } from '../domain/actor.ts';
import { type BlacklistEntry, blacklistTypes, type BlacklistType } from '../domain/blacklist.ts';
import { blacklistEntryJson } from '../services/json/blacklist-entry-json.ts';
import type { Services } from '../services/services.ts';
import type { ListOutput, ListItem } from './framework/output.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { counted, moment } from './framework/format.ts';

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

export const blacklistCommands: readonly CliCommand[] = [
  {
    usage: 'blacklist add <type> <value>',
    description: 'deny an IP address or range, HWID, key, Discord user or country',
    choices,
    options: [
      { flags: '--reason <text>', description: 'why it is denied' },
      { flags: '--for <term>', description: 'for how long: 7d, or never; default: 30 days for an IP, else never' },
    ],
    run: async (call) => {
      const { entry, impact } = unwrap(
        await call.services.blacklist.add({
          guildId: (await call.findGuild()).id,
          actor: commandLine,
          type: call.argument(0) as BlacklistType,
          value: call.argument(1),
          reason: call.text('reason'),
          for: call.text('for'),
        }),
      );
      const end = entry.expiresAt === null ? '' : ` until ${moment(entry.expiresAt)}`;
      const hits = impact.licenses === null ? '' : ` It affects ${counted(impact.licenses, 'existing license')}.`;
      return {
        json: { entry: blacklistEntryJson(entry) },
        text: `The ${entry.type} ${entry.value} is on the blacklist${end}.${hits}`,
      };
    },
  },
  {
    usage: 'blacklist remove <type> <value>',
    description: 'remove an entry from the blacklist',
    choices,
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
