import { randomBytes } from 'node:crypto';
import {
  InteractionResponseType,
  type APIApplicationCommandOptionChoice,
  type ApplicationCommandType,
  type InteractionType,
} from 'discord-api-types/v10';
import { firstAnswerTimeoutMs, interactionTokenLifetimeMs } from '../rest/interaction-routes.ts';
import { maxFileBytes } from '../rest/read-request.ts';
import type { InteractionRecord } from '../world/model.ts';
import { apiChannel, apiMember, apiUser } from '../world/payloads.ts';
import { channelPermissions } from '../world/permissions.ts';
import { findMessage, getRecord, type World } from '../world/world.ts';
import { toVisibleMessage, type VisibleMessage } from './visible-message.ts';
import { toVisibleModal, type VisibleModal } from './visible-modal.ts';
import type { WaitOptions, Waiting } from './waiting.ts';

/** An action of a user and the bot's answer to it. The properties always show the current state. */
export class Interaction {
  readonly #world: World;
  readonly #waiting: Waiting;
  readonly #record: InteractionRecord;

  constructor(world: World, waiting: Waiting, record: InteractionRecord) {
    this.#world = world;
    this.#waiting = waiting;
    this.#record = record;
  }

  get id(): string {
    return this.#record.id;
  }

  get token(): string {
    return this.#record.token;
  }

  /** The bot's answer, or the message that it updated, as the user sees it now. */
  get reply(): VisibleMessage | undefined {
    const { originalId } = this.#record;
    const message = originalId === null ? undefined : findMessage(this.#world, originalId);
    return message && toVisibleMessage(message);
  }

  /** The follow-up messages in the order in which they were sent, without deleted ones. */
  get followUps(): VisibleMessage[] {
    return this.#record.followUpIds.flatMap((id) => {
      const message = findMessage(this.#world, id);
      return message ? [toVisibleMessage(message)] : [];
    });
  }

  /** The modal with which the bot answered. */
  get modal(): VisibleModal | undefined {
    return toVisibleModal(this.#record);
  }

  /** The choices with which the bot answered an autocomplete. */
  get choices(): readonly APIApplicationCommandOptionChoice[] | undefined {
    return this.#record.choices ?? undefined;
  }

  /** Whether the first answer was a deferral. */
  get deferred(): boolean {
    const type = this.#record.callbackType;
    const deferrals: unknown[] = [
      InteractionResponseType.DeferredChannelMessageWithSource,
      InteractionResponseType.DeferredMessageUpdate,
    ];
    return deferrals.includes(type);
  }

  /** Whether the answer changed the message of the component. */
  get updated(): boolean {
    return this.#record.callbackType === InteractionResponseType.UpdateMessage;
  }

  /**
   * `did-not-respond`: no first answer came within three seconds, and the user sees "The application did not respond".
   * `never-finished`: a deferral was not followed by an answer within 15 minutes.
   */
  get error(): 'did-not-respond' | 'never-finished' | undefined {
    const { state, finished, createdAtMs } = this.#record;
    if (state === 'expired') return 'did-not-respond';
    if (state === 'answered' && !finished && this.#world.now() - createdAtMs > interactionTokenLifetimeMs)
      return 'never-finished';
    return undefined;
  }

  /** Resolves at the first answer, which may be a deferral, or when no answer can come any more. */
  acknowledged(options?: WaitOptions): Promise<this> {
    return this.until(() => this.#record.state !== 'waiting', { what: 'the first answer', ...options });
  }

  /**
   * Resolves when the user sees an answer, or when none can come any more. An answer is a reply, an update, a modal or
   * choices; after a deferral it is the message that follows.
   */
  finished(options?: WaitOptions): Promise<this> {
    return this.until(() => this.#record.finished || this.error !== undefined, { what: 'an answer', ...options });
  }

  /** Resolves when the condition is true of this interaction, as in `until((i) => i.followUps.length === 2)`. */
  until(isSo: (interaction: this) => boolean, options?: WaitOptions): Promise<this> {
    return this.#waiting.until(() => (isSo(this) ? this : undefined), options);
  }
}

export interface NewInteraction {
  readonly type: InteractionType;
  readonly userId: string;
  readonly channelId: string;
  readonly data: object;
  readonly commandType?: ApplicationCommandType;
  readonly sourceMessageId?: string | null;
  /** Further fields of the event: `message` for components and the modals that they open. */
  readonly extra?: object;
}

/** Records an interaction and sends it to the bot, if a bot is connected or can still resume its session. */
export function startInteraction(world: World, hasListener: () => boolean, given: NewInteraction): InteractionRecord {
  const id = world.newId();
  const channel = getRecord(world.channels, given.channelId, 'channel');
  const guild = channel.guildId === null ? undefined : getRecord(world.guilds, channel.guildId, 'guild');
  const record: InteractionRecord = {
    id,
    token: Buffer.from(`interaction:${id}:`).toString('base64url') + randomBytes(60).toString('base64url'),
    type: given.type,
    userId: given.userId,
    guildId: guild?.id ?? null,
    channelId: channel.id,
    createdAtMs: world.now(),
    sourceMessageId: given.sourceMessageId ?? null,
    commandType: given.commandType ?? null,
    state: 'waiting',
    callbackType: null,
    originalId: null,
    finished: false,
    modal: null,
    choices: null,
    followUpIds: [],
  };
  world.interactions.set(id, record);
  const payload = {
    id,
    application_id: world.application.id,
    type: record.type,
    token: record.token,
    version: 1,
    data: given.data,
    channel_id: channel.id,
    channel: apiChannel(world, channel),
    app_permissions: channelPermissions(guild, channel, world.application.botId).toString(),
    locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: { 0: guild?.id ?? '0' },
    context: guild ? 0 : 1,
    attachment_size_limit: maxFileBytes,
    ...actingUser(world, record),
    ...given.extra,
  };
  // Without a session, no bot can answer: neither now nor after a resume.
  if (hasListener()) world.send({ event: 'INTERACTION_CREATE', intents: 0, data: () => payload });
  else record.state = 'expired';
  world.changed();
  return record;
}

/** The fields that name the acting user: in a guild the member, in a DM the user. */
function actingUser(world: World, { guildId, channelId, userId }: InteractionRecord): object {
  if (guildId === null) return { user: apiUser(getRecord(world.users, userId, 'user')) };
  const guild = getRecord(world.guilds, guildId, 'guild');
  const permissions = channelPermissions(guild, getRecord(world.channels, channelId, 'channel'), userId).toString();
  const member = { ...apiMember(world, getRecord(guild.members, userId, 'member')), permissions };
  return { member, guild_id: guild.id, guild: { id: guild.id, locale: 'en-US', features: [] }, guild_locale: 'en-US' };
}

/** Expires the interactions that the bot has not answered within three seconds. */
export function expireInteractions(world: World): void {
  for (const interaction of world.interactions.values()) {
    if (interaction.state === 'waiting' && world.now() - interaction.createdAtMs > firstAnswerTimeoutMs)
      interaction.state = 'expired';
  }
  world.changed();
}
