import { randomBytes } from 'node:crypto';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { createServices } from '../../src/services/services.ts';
import { openBenchStorage, type StorePlace } from '../store/fill-store.ts';
import { ownerOf, world } from '../store/world.ts';
import { type MonitoredServer, startMonitoredServer } from './monitored-server.ts';
import type { GrowthWorld } from './operation.ts';

const startTimeoutMs = 120_000;

/** The guild of a filled store in a local Discord, with a server whose bot is online. `dir`: where files are written. */
export async function openGrowthWorld(place: StorePlace, dir: string): Promise<GrowthWorld> {
  const discord = await startLocalDiscord({ rateLimits: false });
  const people = await setUpDiscord(discord, place);
  const server = await startServer(place, discord);
  return { server, place, dir, discord, ...people };
}

/** The same world with a new server, where the one before has ended. */
export async function withNewServer(growth: GrowthWorld): Promise<GrowthWorld> {
  return { ...growth, server: await startServer(growth.place, growth.discord) };
}

async function startServer(place: StorePlace, discord: LocalDiscord): Promise<MonitoredServer> {
  const env = { LATCHKEY_ROLES: 'api,bot,jobs', DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url };
  const server = await startMonitoredServer(place, env);
  const isReady = () => discord.isBotOnline() && discord.registeredCommands().length > 0;
  await discord.until(isReady, { timeoutMs: startTimeoutMs });
  return server;
}

/** The guild of the store with its channels, roles and people. */
async function setUpDiscord(discord: LocalDiscord, place: StorePlace) {
  const managerId = discord.addUser({ username: 'manager' });
  const buyerId = discord.addUser({ username: 'collector', id: ownerOf(0) });
  const guildId = discord.addGuild({ name: 'Bench', ownerId: managerId, id: world.guildId });
  discord.addMember(guildId, buyerId);
  const channelId = discord.addChannel(guildId, { name: 'general' });
  const storage = await openBenchStorage(place);
  const services = createServices({
    storage,
    clock: () => new Date(),
    randomBytes,
    publicUrl: () => 'http://127.0.0.1',
  });
  await services.settings.patch({
    ...{ guildId, actor: commandLine },
    patch: {
      'channels.valid': discord.addChannel(guildId, { name: 'valid' }),
      'channels.failed': discord.addChannel(guildId, { name: 'failed' }),
      'channels.admin': discord.addChannel(guildId, { name: 'admin' }),
      'roles.customer': discord.addRole(guildId, { name: 'Customer' }),
    },
  });
  await storage.close();
  return { managerId, buyerId, guildId, channelId };
}
