import { type Actor, actorText } from '../domain/actor.ts';
import { auditActions, type AuditAction, type AuditEvent, isAuditChange } from '../domain/audit.ts';
import { parseSnowflake } from '../domain/values/ids.ts';
import type { AuditQuery } from '../storage/port/audit.ts';
import type { CliCommand } from './framework/command.ts';
import { UsageError } from './framework/errors.ts';
import type { ListItem } from './framework/output.ts';
import { limitOption, parseSince, readRecords, sinceOption } from './framework/records.ts';
import { findLicense } from './license-row.ts';

export const auditCommand: CliCommand = {
  usage: 'audit',
  description: 'list who changed what, newest first',
  options: [
    { flags: '--license <key>', description: 'only changes of this license (a key or an id)' },
    { flags: '--actor <who>', description: 'only changes by a Discord user id, api-key:7, cli or system' },
    {
      flags: '--action <action>',
      description: 'only changes of this kind, such as license.issued',
      choices: auditActions,
    },
    sinceOption('changes'),
    limitOption,
  ],
  run: async (call) => {
    const guildId = (await call.findGuild()).id;
    const license = call.text('license');
    const actor = parseActor(call.text('actor'));
    const action = call.text('action') as AuditAction | undefined;
    const since = parseSince(call.text('since'), call.context.now());
    const query: AuditQuery = {
      ...(license === undefined ? {} : { licenseId: (await findLicense(call, license)).id }),
      ...(actor === undefined ? {} : { actor }),
      ...(action === undefined ? {} : { action }),
      ...(since === undefined ? {} : { since }),
    };
    const pages = readRecords(call.number('limit'), async (page) => {
      const events = await call.services.records.audit(guildId, query, page);
      return { items: events.map(toItem), lastId: events.at(-1)?.id ?? null };
    });
    const columns = ['AT', 'ACTOR', 'ACTION', 'SUBJECT', 'DETAILS', 'REASON'];
    return { name: 'events', heading: null, columns, pages, emptyText: 'No changes match.' };
  },
};

function parseActor(text: string | undefined): Actor | undefined {
  if (text === undefined) return undefined;
  if (text === 'cli' || text === 'system') return { type: text };
  const apiKeyId = /^api-key:(\d{1,15})$/.exec(text)?.[1];
  if (apiKeyId !== undefined) return { type: 'api-key', id: Number(apiKeyId) };
  const userId = parseSnowflake(text.replace(/^user:/, ''));
  if (userId !== null) return { type: 'user', id: userId };
  throw new UsageError(`--actor must be a Discord user id, api-key:7, cli or system, not “${text}”.`);
}

function toItem({ id, at, actor, action, subject, reason, details }: AuditEvent): ListItem {
  const who = actorText(actor);
  return {
    json: { id, at: at.toISOString(), actor: who, action, subject, reason, details },
    cells: [at.toISOString().slice(0, 19), who, action, subject, detailsText(details), reason ?? '-'],
  };
}

function detailsText(details: AuditEvent['details']): string {
  const texts = Object.entries(details).map(([name, value]) => `${name} ${valueText(value)}`);
  return texts.join(', ') || '-';
}

/** A change as `before → after`, anything else as it is stored. */
function valueText(value: unknown): string {
  if (isAuditChange(value)) return `${valueText(value.before)} → ${valueText(value.after)}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
