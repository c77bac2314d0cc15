import { randomBytes } from 'node:crypto';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { help } from '../../commands/help.ts';
import { events } from '../../events/index.ts';
import { type Bot, startBot } from '../../src/discord/bot.ts';
import type { Command } from '../../src/discord/framework/command.ts';
import type { Sign } from '../../src/discord/framework/custom-id.ts';
import type { Timers } from '../../src/discord/gateway/timers.ts';
import { createServices, type Services } from '../../src/services/services.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { createVault } from '../../src/storage/vault.ts';
import { openMemoryStorage } from './memory-storage.ts';
import { createRecordingLog, type RecordingLog } from './recording-log.ts';

export interface BotWorld {
  readonly discord: LocalDiscord;
  readonly storage: Storage;
  readonly services: Services;
  readonly bot: Bot;
  readonly log: RecordingLog;
  /** Signs custom ids as the bot does. */
  readonly sign: Sign;
  readonly guildId: string;
  readonly channelId: string;
  /** The owner of the guild, who has Manage Server. */
  readonly managerId: string;
  /** A staff member, who has Moderate Members. */
  readonly staffId: string;
  readonly buyerId: string;
  readonly staffRoleId: string;
  /** Moves the clock of the bot and the store, but not that of Discord. */
  advance(ms: number): void;
  /** Stops the bot and starts a new one on the same store, as after a restart of the process. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface BotWorldOptions {
  /** Changes Discord before the bot starts. */
  readonly prepare?: (discord: LocalDiscord) => void;
  readonly allowedGuildIds?: readonly string[];
  /** Where omitted: `/help` alone. */
  readonly commands?: readonly Command[];
  readonly timers?: Timers;
  /** The bot's token, where it is to differ from the one that Discord accepts. */
  readonly token?: string;
  /** The state of Discord in which the bot counts as started; where omitted, it has registered its commands. */
  readonly startedWhen?: (discord: LocalDiscord) => boolean;
}

/** A local Discord with one guild and three users, and the bot connected to it. */
export async function startBotWorld(options: BotWorldOptions = {}): Promise<BotWorld> {
  const discord = await startLocalDiscord({ rateLimits: false });
  const managerId = discord.addUser({ username: 'manager' });
  const staffId = discord.addUser({ username: 'staff' });
  const buyerId = discord.addUser({ username: 'buyer' });
  const guildId = discord.addGuild({ name: 'Shop', ownerId: managerId });
  const channelId = discord.addChannel(guildId, { name: 'general' });
  const staffRoleId = discord.addRole(guildId, { name: 'Staff', permissions: 1n << 40n });
  discord.addMember(guildId, staffId, { roles: [staffRoleId] });
  discord.addMember(guildId, buyerId);
  options.prepare?.(discord);

  let aheadMs = 0;
  const clock = () => new Date(Date.now() + aheadMs);
  const storage = openMemoryStorage(clock);
  const services = createServices({ storage, clock, randomBytes, publicUrl: () => 'http://127.0.0.1:3000' });
  const vault = createVault(randomBytes(32));
  const sign: Sign = (text) => vault.sign('custom-id', text);
  const log = createRecordingLog();
  const start = () =>
    startBot({
      config: {
        discord: { token: options.token ?? discord.token, apiUrl: discord.url },
        guilds: { allowed: options.allowedGuildIds ?? null },
      },
      services,
      storage,
      clock,
      randomBytes,
      sign,
      log,
      commands: options.commands ?? [help],
      events,
      ...(options.timers && { timers: options.timers }),
    });
  let bot = await start();
  await bot.started;
  await discord.until(() => (options.startedWhen ?? hasCommands)(discord));

  return {
    discord,
    storage,
    services,
    get bot() {
      return bot;
    },
    log,
    sign,
    guildId,
    channelId,
    managerId,
    staffId,
    buyerId,
    staffRoleId,
    advance(ms) {
      aheadMs += ms;
    },
    async restart() {
      await bot.stop();
      bot = await start();
      await bot.started;
    },
    async stop() {
      await bot.stop();
      await discord.stop();
      await storage.close();
    },
  };
}

function hasCommands(discord: LocalDiscord): boolean {
  return discord.registeredCommands().length > 0;
}
