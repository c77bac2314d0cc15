import type { Result } from '../domain/values/result.ts';
import type { Settings } from '../domain/settings/settings.ts';
import type { Storage } from '../storage/port/storage.ts';
import { askDiscord, type DiscordAccess } from './ask-discord.ts';
import type { Command } from './framework/command.ts';
import { createCommandTable } from './framework/command-table.ts';
import { findForeignCommands } from './gateway/foreign-commands.ts';
import type { HiddenCommands } from './framework/command-context.ts';
import { findHiddenCommands } from './gateway/hidden-commands.ts';
import { registerCommands, type Registration } from './gateway/register-commands.ts';

export interface RegisterWithoutBotParts extends DiscordAccess {
  readonly storage: Pick<Storage, 'note' | 'setNote'>;
  /** None clears them. */
  readonly commands: readonly Command[];
  /** null: the global commands. */
  readonly guildId: string | null;
}

/** Registers the commands by REST, without connecting to the gateway. The error is one sentence. */
export function registerWithoutBot(parts: RegisterWithoutBotParts): Promise<Result<Registration, string>> {
  const { storage, guildId, commands } = parts;
  const { definitions } = createCommandTable(commands, {});
  return askDiscord(parts, ({ rest, applicationId }) =>
    registerCommands({ rest, storage, applicationId, guildId, definitions }),
  );
}

export interface InspectCommandsParts extends DiscordAccess {
  readonly storage: Pick<Storage, 'note'>;
  readonly commands: readonly Command[];
  readonly guildId: string;
  readonly settings: Settings;
}

/** What is wrong with the commands in one guild, as `/setup` names it. The error is one sentence. */
export function inspectCommandsWithoutBot(
  parts: InspectCommandsParts,
): Promise<Result<{ readonly hidden: readonly HiddenCommands[]; readonly foreign: readonly string[] }, string>> {
  const { storage, commands, guildId, settings } = parts;
  const table = createCommandTable(commands, {});
  return askDiscord(parts, async (asking) => {
    const foreign = await findForeignCommands({ ...asking, storage, table }, guildId);
    return {
      hidden: await findHiddenCommands({ ...asking, table }, guildId, settings),
      foreign: foreign.map(({ name }) => name),
    };
  });
}
