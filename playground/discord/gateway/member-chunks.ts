import { GatewayIntentBits } from 'discord-api-types/v10';
import { apiMember } from '../world/payloads.ts';
import { findBotMember, getRecord, type World } from '../world/world.ts';

const chunkSize = 1_000;

/**
 * The answers to a request for members (op 8). The whole list needs the members intent. A name prefix finds at most 100
 * members, and at most 100 can be requested by id.
 */
export function memberChunks(world: World, intents: number, request: Record<string, unknown>): object[] | 'disallowed' {
  const guild = world.guilds.get(String(request.guild_id));
  if (!guild || !findBotMember(world, guild)) return [];
  const nonce = typeof request.nonce === 'string' ? { nonce: request.nonce } : {};
  const ids = request.user_ids;
  if (ids !== undefined) {
    const wanted = (Array.isArray(ids) ? ids : [ids]).map(String).slice(0, 100);
    const found = wanted.flatMap((id) => guild.members.get(id) ?? []);
    const missing = wanted.filter((id) => !guild.members.has(id));
    const members = found.map((member) => apiMember(world, member));
    return [
      {
        guild_id: guild.id,
        members,
        chunk_index: 0,
        chunk_count: 1,
        ...(missing.length > 0 && { not_found: missing }),
        ...nonce,
      },
    ];
  }
  const query = typeof request.query === 'string' ? request.query.toLowerCase() : '';
  const limit = typeof request.limit === 'number' ? request.limit : 0;
  const isWholeList = query === '' && limit === 0;
  if (isWholeList && (intents & GatewayIntentBits.GuildMembers) === 0) return 'disallowed';
  const matching = [...guild.members.values()].filter(({ userId, nick }) =>
    [getRecord(world.users, userId, 'user').username, nick ?? ''].some((name) => name.toLowerCase().startsWith(query)),
  );
  const members = isWholeList ? matching : matching.slice(0, Math.min(limit === 0 ? 100 : limit, 100));
  const count = Math.max(1, Math.ceil(members.length / chunkSize));
  return Array.from({ length: count }, (_, index) => ({
    guild_id: guild.id,
    members: members.slice(index * chunkSize, (index + 1) * chunkSize).map((member) => apiMember(world, member)),
    chunk_index: index,
    chunk_count: count,
    ...nonce,
  }));
}
