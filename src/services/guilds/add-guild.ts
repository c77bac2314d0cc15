import { system } from '../../domain/actor.ts';
import { type Guild, quickstartGuildId, type SigningSystem, signingSystems } from '../../domain/guild.ts';
import { parseHexId, parseSnowflake, parseUuid, uuidOf } from '../../domain/values/ids.ts';
import { readRequiredText } from '../../domain/values/read-fields.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import { type ChallengeKey, generateChallengeKey, readChallengeKey } from './challenge-key.ts';
import type { AddGuildInput, GuildService } from './guild-service.ts';

/** Adds guilds, with the identities by which clients of each protocol name them. */
export function createAddGuild({ storage, randomBytes }: ServiceContext): Pick<GuildService, 'add' | 'ensure'> {
  const newUserId = () => Buffer.from(randomBytes(4)).toString('hex');
  const newTeamId = () => uuidOf(randomBytes(16));

  async function add(input: AddGuildInput): Promise<Result<{ readonly guild: Guild }, CommandError>> {
    if (parseSnowflake(input.id) !== input.id && input.id !== quickstartGuildId) {
      return fail({ code: 'invalid-id', what: 'guild' });
    }
    const name = readRequiredText('name', input.name);
    if (!name.ok) return name;
    const teamId = input.teamId === undefined ? null : parseUuid(input.teamId);
    if (input.teamId !== undefined && !teamId) return fail({ code: 'invalid-id', what: 'team' });
    const userId = input.userId === undefined ? null : parseHexId(input.userId);
    if (input.userId !== undefined && !userId) return fail({ code: 'invalid-id', what: 'hex-user' });
    const pair = input.challengeKey === undefined ? await generateChallengeKey() : readChallengeKey(input.challengeKey);
    if (!pair) return fail({ code: 'challenge-key-invalid' });
    const systemKeys: Partial<Record<SigningSystem, ChallengeKey>> = {};
    for (const system of signingSystems) {
      const pem = input.systemKeys?.[system];
      const own = pem === undefined ? null : readChallengeKey(pem);
      if (pem !== undefined && !own) return fail({ code: 'challenge-key-invalid', system });
      if (own) systemKeys[system] = own;
    }

    // Generated identities that are taken are generated again; supplied ones are rejected.
    for (;;) {
      const guild = {
        ...pair,
        systemKeys,
        id: input.id,
        name: name.value,
        teamId: teamId ?? newTeamId(),
        userId: userId ?? newUserId(),
      };
      const event = auditEvent(input, 'guild.created', 'guild', {
        name: guild.name,
        teamId: guild.teamId,
        userId: guild.userId,
      });
      const added = await storage.addGuild(guild, { audit: [event], effects: [] });
      if ('guild' in added) return succeed({ guild: added.guild });
      if (added.taken === 'id') return fail({ code: 'guild-exists', guildId: input.id });
      if (added.taken === 'teamId' && teamId) return fail({ code: 'team-id-taken' });
      if (added.taken === 'userId' && userId) return fail({ code: 'user-id-taken' });
    }
  }

  async function ensure({ id, name }: { readonly id: string; readonly name: string }): Promise<Guild> {
    const known = (await storage.bundle(id))?.guild;
    if (!known) {
      const added = await add({ id, name: name.slice(0, 100), actor: system });
      if (added.ok) return added.value.guild;
      // Another process may have added it in between.
      const addedByOther = (await storage.bundle(id))?.guild;
      if (!addedByOther) throw new Error(`Guild ${id} could not be made: ${added.error.code}`);
      return addedByOther;
    }
    if (known.name === name) return known;
    await storage.renameGuild(id, name);
    return { ...known, name };
  }

  return { add, ensure };
}
