import type { Interaction } from '../../playground/discord/control/interaction.ts';
import type { LocalDiscord } from '../../playground/discord/local-discord.ts';
import type { StorePlace } from '../store/fill-store.ts';
import type { MonitoredServer } from './monitored-server.ts';

/** What operations are carried out with. */
export interface GrowthWorld {
  readonly server: MonitoredServer;
  readonly place: StorePlace;
  /** A folder for files, which is removed after the run. */
  readonly dir: string;
  readonly discord: LocalDiscord;
  readonly guildId: string;
  readonly channelId: string;
  readonly managerId: string;
  readonly buyerId: string;
}

/** Something that people, panels or jobs do. `run` resolves when it is done, with what went wrong or null. */
export interface Operation {
  readonly name: string;
  /** Checks are refused during the operation, because it deletes or restores what they ask for. */
  readonly refusesChecks?: boolean;
  /** It exists on the embedded store alone. */
  readonly isEmbedded?: boolean;
  readonly run: (world: GrowthWorld) => Promise<string | null>;
}

/** Commands may take long on a store as large as this; Discord itself waits 15 minutes. */
const timeoutMs = 15 * 60_000;

/** Waits until a person sees the answer. Resolves with what went wrong or null. */
export async function answerTo(interaction: Interaction): Promise<string | null> {
  await interaction.finished({ timeoutMs });
  return interaction.error ?? null;
}
