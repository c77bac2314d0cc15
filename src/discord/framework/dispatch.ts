import type { AutocompleteInteraction, Interaction, RepliableInteraction } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { Settings } from '../../domain/settings/settings.ts';
import type { Log } from '../../log/log.ts';
import { missingAccess } from './access.ts';
import { postHereHandler } from './built-in-handlers.ts';
import type { RememberUser } from '../gateway/remember-users.ts';
import type { CommandTable, Task } from './command-table.ts';
import type { CommandContext } from './command-context.ts';
import { describeFailure, isInteractionOver, isTooLate } from '../gateway/discord-errors.ts';
import { commandPath, findCommand, findHandler, type Found } from './find-task.ts';
import { type CommandContextParts, createCommandContext, memberOf } from './create-command-context.ts';
import { createInteractionResponse, type InteractionResponse } from './interaction-response.ts';
import type { Post, Reply } from './reply.ts';
import type { LateInteractions } from './late-interactions.ts';
import { ellipsize } from '../texts/ellipsize.ts';
import { type Timers, within } from '../gateway/timers.ts';

export interface DispatchParts extends CommandContextParts {
  readonly table: CommandTable;
  readonly log: Log;
  readonly rememberUser: RememberUser;
  readonly timers: Timers;
  /** null: any guild. */
  readonly allowedGuildIds: readonly string[] | null;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly late: Pick<LateInteractions, 'add'>;
}

/** How long settings may be read while nothing is deferred: Discord waits three seconds for the first response. */
const settingsTimeoutMs = 2000;
const maxChoices = 25;

/** Answers every command, button, select, modal and autocomplete. Never rejects. */
export function createDispatch(parts: DispatchParts): (interaction: Interaction) => Promise<void> {
  const { table, services, log, timers, clock, sign, allowedGuildIds, rememberUser, late } = parts;
  /** The presses of `once` buttons that ran or are running. */
  const pressed = new LRUCache<string, true>({ max: 10_000 });

  async function dispatch(interaction: Interaction): Promise<void> {
    rememberUser(interaction.user);
    // A user who is named in an option may get a license, and has perhaps never used the bot.
    if (interaction.isChatInputCommand()) interaction.options.resolved?.users?.forEach(rememberUser);
    if (interaction.isAutocomplete()) {
      await complete(interaction);
    } else if (interaction.isCommand()) {
      await run(interaction, findCommand(table, interaction), `/${commandPath(interaction)}`);
    } else {
      const found = findHandler(table, interaction, { sign, now: clock() });
      await run(interaction, found, 'task' in found ? found.task.name : 'unknown component');
    }
  }

  async function run(interaction: RepliableInteraction, found: Found, name: string): Promise<void> {
    const task = 'task' in found ? found.task : null;
    const context = (settings: Settings | null) => createCommandContext(interaction, settings, parts);
    const postButtonId = interaction.guildId === null ? null : () => context(null).customId(postHereHandler);
    const response = createInteractionResponse(interaction, task?.reply ?? 'private', postButtonId);
    try {
      const problem = 'task' in found ? guildProblem(interaction, found.task) : found.problem;
      if (problem !== null) await response.sendPrivately(problem);
      else if ('task' in found) {
        await perform(interaction, response, found.task, (settings) => ({ ...context(settings), ...found.call }));
      }
    } catch (error) {
      await fail(error, response, name);
    }
  }

  async function perform(
    interaction: RepliableInteraction,
    response: InteractionResponse,
    task: Task,
    contextWith: (settings: Settings | null) => CommandContext,
  ): Promise<void> {
    const openModal = interaction.isModalSubmit() ? null : task.modal;
    const deferAtOnce = openModal === null && task.reply !== 'public';
    if (deferAtOnce) await response.defer();
    const reading = settingsOf(interaction);
    const settings = deferAtOnce ? await reading : await within(timers, settingsTimeoutMs, reading, undefined);
    if (settings === undefined) {
      await response.sendPrivately(
        'My data store does not answer right now, so nothing was done. Try again in a minute.',
      );
      return;
    }
    const missing = missingIn(interaction, task, settings);
    if (missing !== null) {
      await response.sendPrivately(missing);
      return;
    }
    const context = contextWith(settings);
    const modal = openModal?.(context) ?? null;
    if (modal && !interaction.isModalSubmit()) {
      await interaction.showModal(modal);
      return;
    }
    if (!deferAtOnce) await response.defer();
    let reply: Reply | Post | string = '';
    await once(interaction, task, response, async () => {
      reply = await task.run(context);
      await response.send(reply);
    });
    await response.complete(reply).catch((error: unknown) => {
      // The change itself was reported. The message may be gone, because its reader has dismissed it.
      log.debug('A reply was not completed', { command: task.name, error });
    });
  }

  async function once(
    interaction: RepliableInteraction,
    task: Task,
    response: InteractionResponse,
    act: () => Promise<void>,
  ): Promise<void> {
    // A modal may be submitted again after a typing error; the service makes sure that the change happens once.
    if (!task.once || !interaction.isMessageComponent()) {
      await act();
      return;
    }
    const press = `${interaction.message.id} ${interaction.customId}`;
    if (pressed.has(press)) {
      await response.sendPrivately('This was pressed already.');
      return;
    }
    pressed.set(press, true);
    try {
      await act();
    } catch (error) {
      pressed.delete(press);
      throw error;
    }
  }

  async function complete(interaction: AutocompleteInteraction): Promise<void> {
    try {
      const found = findCommand(table, interaction);
      const task = 'task' in found ? found.task : null;
      const choices = task && 'call' in found ? await choicesFor(interaction, task, found.call) : [];
      await interaction.respond(choices.slice(0, maxChoices));
    } catch (error) {
      if (isTooLate(error)) late.add(`/${commandPath(interaction)} (suggestions)`);
      if (isInteractionOver(error)) return;
      log.warn('An autocomplete failed', { command: commandPath(interaction), error });
      if (!interaction.responded) await interaction.respond([]).catch(() => undefined);
    }
  }

  /** No choices for users who may not run the command: choices show other users' names and licenses. */
  async function choicesFor(interaction: AutocompleteInteraction, task: Task, call: object) {
    if (!task.autocomplete || guildProblem(interaction, task) !== null) return [];
    const settings = await settingsOf(interaction);
    if (missingIn(interaction, task, settings) !== null) return [];
    const choices = await task.autocomplete({ ...createCommandContext(interaction, settings, parts), ...call });
    return choices.map(({ name, value }) => ({ name: ellipsize(name, 100), value }));
  }

  function guildProblem({ guildId }: Interaction, { access }: Task): string | null {
    if (guildId === null) return access === 'buyer' ? null : 'This works in a server only.';
    if (allowedGuildIds === null || allowedGuildIds.includes(guildId)) return null;
    return 'I do not serve this server, because my operator has not allowed it. Nothing is stored here; please remove me.';
  }

  /** `guildProblem` has already denied everything but `buyer` in DMs. A guild without settings is being deleted. */
  function missingIn(interaction: Interaction, { access }: Task, settings: Settings | null): string | null {
    if (settings) return missingAccess(access, memberOf(interaction), settings);
    return interaction.guildId === null ? null : 'This server is not known to me right now. Try again in a minute.';
  }

  /** null in a DM. A guild that the store does not have yet is stored first. */
  async function settingsOf({ guildId, guild }: Interaction): Promise<Settings | null> {
    if (guildId === null) return null;
    const known = await services.settings.view(guildId);
    if (known.ok) return known.value;
    await services.guilds.ensure({ id: guildId, name: guild?.name ?? guildId });
    const made = await services.settings.view(guildId);
    return made.ok ? made.value : null;
  }

  async function fail(error: unknown, response: InteractionResponse, name: string): Promise<void> {
    if (isTooLate(error)) late.add(name);
    // Otherwise another process has answered.
    if (isInteractionOver(error)) return;
    const reference = Buffer.from(parts.randomBytes(4)).toString('hex');
    log.error('A command failed', { reference, command: name, error });
    await response.sendPrivately(describeFailure(error, reference)).catch((second: unknown) => {
      log.warn('The error could not be reported to the user', { reference, error: second });
    });
  }

  return dispatch;
}
