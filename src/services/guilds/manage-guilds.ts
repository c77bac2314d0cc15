import { type Guild, quickstartGuildId } from '../../domain/guild.ts';
import { readRequiredText } from '../../domain/values/read-fields.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { By, ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import type { GuildService } from './guild-service.ts';

export function createManageGuilds({
  storage,
}: ServiceContext): Pick<GuildService, 'find' | 'list' | 'rename' | 'delete'> {
  const list = () => storage.guilds();

  async function find(id: string | null): Promise<Result<Guild, CommandError>> {
    const all = await list();
    if (id !== null) {
      const guild = all.find((each) => each.id === id);
      return guild ? succeed(guild) : fail({ code: 'guild-not-found', guildId: id });
    }
    const real = all.filter((each) => each.id !== quickstartGuildId);
    const [only, another] = real.length > 0 ? real : all;
    if (!only) return fail({ code: 'guild-not-found', guildId: null });
    return another ? fail({ code: 'guild-required', guildIds: real.map((each) => each.id) }) : succeed(only);
  }

  async function rename(
    input: By & { readonly name: string },
  ): Promise<Result<{ readonly guild: Guild }, CommandError>> {
    const found = await find(input.guildId);
    if (!found.ok) return found;
    const name = readRequiredText('name', input.name);
    if (!name.ok) return name;
    if (name.value === found.value.name) return fail({ code: 'nothing-to-change' });
    await storage.renameGuild(input.guildId, name.value);
    const details = { name: { before: found.value.name, after: name.value } };
    await storage.recordAudit(input.guildId, auditEvent(input, 'guild.changed', 'guild', details));
    return succeed({ guild: { ...found.value, name: name.value } });
  }

  async function remove(by: By): Promise<Result<{ readonly guild: Guild }, CommandError>> {
    const found = await find(by.guildId);
    if (!found.ok) return found;
    if (!(await storage.deleteGuild(by.guildId))) return fail({ code: 'guild-not-found', guildId: by.guildId });
    // The event is recorded after the deletion, because the deletion removes the guild's other events.
    await storage.recordAudit(by.guildId, auditEvent(by, 'guild.deleted', 'guild', { name: found.value.name }));
    return succeed({ guild: found.value });
  }

  return { find, list, rename, delete: remove };
}
