import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { createServices } from '../../src/services/services.ts';
import { type LoadClient, startLoadClient } from '../load/load-client.ts';
import { grantedChecks } from '../load/requests.ts';
import type { BenchOptions } from '../options.ts';
import { readResidentMb } from '../process-stats.ts';
import type { MeasuredOperation } from '../report/results.ts';
import { openBenchStorage } from '../store/fill-store.ts';
import { prepareStore } from '../store/prepare-store.ts';
import { setLastSeen } from '../store/set-last-seen.ts';
import { ownerOf, world } from '../store/world.ts';
import { commandLineOperations } from './command-line-operations.ts';
import { commandOperations } from './command-operations.ts';
import { jobOperations } from './job-operations.ts';
import { type MonitoredServer, startMonitoredServer } from './monitored-server.ts';
import type { GrowthWorld, Operation } from './operation.ts';
import { panelOperations } from './panel-operations.ts';

/** Everything that people, panels and jobs do. What changes most comes last. */
const operations = (): readonly Operation[] => [
  ...panelOperations,
  ...commandLineOperations,
  ...commandOperations(),
  ...jobOperations,
];

/** Checks beside each operation: enough for a p99, and far from all that the server can answer. */
const checks = { perSecond: 500, connections: 16, beforeMs: 100, leastMs: 1_000 } as const;
const minForPercentile = 100;
/** From here on the event loop was held for too long, and a profile can say why. */
const maxHoldMs = 20;

/**
 * Carries out every operation on a large store, one after the other, while checks are answered. Prints each one as it
 * goes; with `--profile` also the stack that held the event loop for too long.
 */
export async function measureGrowth(options: BenchOptions): Promise<readonly MeasuredOperation[]> {
  const { licenses, blacklist, attempts } = options;
  const chosen = operations().filter(({ name }) => name.includes(options.operations));
  options.onProgress(`${chosen.length} operations`);
  const dir = await prepareStore({ licenses: licenses.many, blacklist, attempts });
  await setLastSeen({ dir }, { first: 0, count: licenses.many }, new Date());
  const discord = await startLocalDiscord({ rateLimits: false });
  const people = await setUpDiscord(discord, dir);
  const env = { LATCHKEY_ROLES: 'api,bot,jobs', DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.url };
  const server = await startMonitoredServer({ dir }, env);
  const client = startLoadClient();
  try {
    await discord.until(() => discord.isBotOnline() && discord.registeredCommands().length > 0, { timeoutMs: 120_000 });
    // What is loaded and compiled by the first command is not what a command costs.
    const growth = { server, dir, discord, ...people };
    for (const operation of commandOperations().filter(({ name }) => name === '/help')) await operation.run(growth);
    const measured: MeasuredOperation[] = [];
    for (const operation of chosen) {
      const one = await measureOperation(operation, growth, client, options);
      console.log(describe(one));
      measured.push(one);
    }
    return measured;
  } finally {
    client.stop();
    await server.end();
    await discord.stop();
  }
}

/** The guild of the store with its channels, roles and people. */
async function setUpDiscord(discord: LocalDiscord, dir: string) {
  const managerId = discord.addUser({ username: 'manager' });
  const buyerId = discord.addUser({ username: 'collector', id: ownerOf(0) });
  const guildId = discord.addGuild({ name: 'Bench', ownerId: managerId, id: world.guildId });
  discord.addMember(guildId, buyerId);
  const channelId = discord.addChannel(guildId, { name: 'general' });
  const storage = await openBenchStorage({ dir });
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

async function measureOperation(
  { name, run }: Operation,
  growth: GrowthWorld,
  client: LoadClient,
  { licenses, isProfiled }: BenchOptions,
): Promise<MeasuredOperation> {
  const { server } = growth;
  const load = sendChecks(client, growth, licenses.many);
  await wait(checks.beforeMs);
  await server.order({ type: 'begin', profiles: isProfiled });
  const startedAt = performance.now();
  const problem = await run(growth).catch((error: unknown) => (error as Error).message);
  const durationMs = performance.now() - startedAt;
  await wait(Math.max(0, checks.leastMs - durationMs));
  const monitored = await endMonitor(server);
  client.endLoad();
  const { answered, failed, failure, p99Ms } = await load;
  if (isProfiled && monitored.holdCpuMs > maxHoldMs) console.log(`    ${monitored.stack.join('\n    ')}`);
  return {
    name,
    durationMs,
    holdMs: monitored.holdMs,
    holdCpuMs: monitored.holdCpuMs,
    checkP99Ms: answered < minForPercentile ? null : p99Ms,
    residentMb: readResidentMb(server.pid),
    problem: problem ?? (failed === 0 ? null : `${failed} checks failed, such as ${failure ?? ''}`),
  };
}

/** Sends checks until the client ends the load. */
function sendChecks(client: LoadClient, { server }: GrowthWorld, licenses: number) {
  const plan = {
    ...{ port: server.port, tls: false, keepAlive: true, eachOnce: false, templates: [grantedChecks.sunlicense] },
    ...{ connections: checks.connections, perSecond: checks.perSecond, seconds: 3_600 },
    // Of the last licenses, which no operation changes.
    licenses: { first: Math.floor(licenses / 2), count: Math.ceil(licenses / 2) },
  };
  return client.measure(plan, server.pid);
}

async function endMonitor(server: MonitoredServer) {
  const answer = await server.order({ type: 'end' });
  if (answer.type !== 'ended') throw new Error(`The monitor answered ${answer.type}.`);
  return answer;
}

function describe({ name, durationMs, holdMs, holdCpuMs, checkP99Ms, residentMb, problem }: MeasuredOperation): string {
  const ms = (value: number | null) => (value?.toFixed(1) ?? '?').padStart(8);
  const columns = [durationMs, holdMs, holdCpuMs, checkP99Ms].map(ms).join('');
  return `${columns} ${(residentMb?.toFixed(0) ?? '?').padStart(5)} MB  ${name}${problem === null ? '' : `  (${problem.replaceAll(/\s+/g, ' ')})`}`;
}
