import { randomBytes } from 'node:crypto';
import {
  InteractionResponseType,
  type APIApplicationCommandOptionChoice,
  type ApplicationCommandType,
  type InteractionType,
} from 'discord-api-types/v10';
import { firstAnswerMs, tokenLifeMs } from '../rest/interactions.ts';
import { maxFileBytes } from '../rest/read-request.ts';
import type { InteractionRecord } from '../world/model.ts';
import { apiChannel, apiMember, apiUser } from '../world/payloads.ts';
import { channelPermissions } from '../world/permissions.ts';
import { findMessage, known, type World } from '../world/world.ts';
import { seenMessage, seenModal, type SeenMessage, type SeenModal } from './visible-message.ts';
import type { WaitOptions, Waiting } from './waiting.ts';

/** What a user did and what came of it; its properties show the state of the moment. */
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

  /** The answer, or the message that it updated, as the user sees it now. */
  get reply(): SeenMessage | undefined {
    const { originalId } = this.#record;
    const message = originalId === null ? undefined : findMessage(this.#world, originalId);
    return message && seenMessage(message);
  }

  get followUps(): SeenMessage[] {
    return this.#record.followUpIds.flatMap((id) => {
      const message = findMessage(this.#world, id);
      return message ? [seenMessage(message)] : [];
    });
  }

  get modal(): SeenModal | undefined {
    return seenModal(this.#record);
  }

  /** What autocomplete offers. */
  get choices(): readonly APIApplicationCommandOptionChoice[] | undefined {
    return this.#record.choices ?? undefined;
  }

  /** Its first answer was a deferral. */
  get deferred(): boolean {
    const type = this.#record.callbackType;
    const deferrals: unknown[] = [
      InteractionResponseType.DeferredChannelMessageWithSource,
      InteractionResponseType.DeferredMessageUpdate,
    ];
    return deferrals.includes(type);
  }

  /** It changed the message that the component is on. */
  get updated(): boolean {
    return this.#record.callbackType === InteractionResponseType.UpdateMessage;
  }

  /** "The application did not respond", or a deferral that was never filled in. */
  get error(): 'did-not-respond' | 'never-finished' | undefined {
    const { state, finished, createdAtMs } = this.#record;
    if (state === 'expired') return 'did-not-respond';
    if (state === 'answered' && !finished && this.#world.now() - createdAtMs > tokenLifeMs) return 'never-finished';
    return undefined;
  }

  /** Resolves at the first answer, also a deferral, or when there will be none. */
  acknowledged(options?: WaitOptions): Promise<this> {
    return this.until(() => this.#record.state !== 'waiting', { what: 'the first answer', ...options });
  }

  /** Resolves when the user sees an answer: a reply, update, modal or choices, after a deferral what fills it in. */
  settled(options?: WaitOptions): Promise<this> {
    return this.until(() => this.#record.finished || this.error !== undefined, { what: 'an answer', ...options });
  }

  /** Resolves when this is true of the interaction, as `until((i) => i.followUps.length === 2)`. */
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

/** Records an interaction and sends it to the bot. */
export function startInteraction(world: World, isHeard: () => boolean, given: NewInteraction): InteractionRecord {
  const id = world.newId();
  const channel = known(world.channels, given.channelId, 'channel');
  const guild = channel.guildId === null ? undefined : known(world.guilds, channel.guildId, 'guild');
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
    ...whoActs(world, record),
    ...given.extra,
  };
  // Nobody is there to answer, now or after a resume.
  if (isHeard()) world.send({ event: 'INTERACTION_CREATE', intents: 0, data: () => payload });
  else record.state = 'expired';
  world.changed();
  return record;
}

/** In a guild the member, in a DM the user. */
function whoActs(world: World, { guildId, channelId, userId }: InteractionRecord): object {
  if (guildId === null) return { user: apiUser(known(world.users, userId, 'user')) };
  const guild = known(world.guilds, guildId, 'guild');
  const permissions = channelPermissions(guild, known(world.channels, channelId, 'channel'), userId).toString();
  const member = { ...apiMember(world, known(guild.members, userId, 'member')), permissions };
  return { member, guild_id: guild.id, guild: { id: guild.id, locale: 'en-US', features: [] }, guild_locale: 'en-US' };
}

/** Interactions that nobody answered within three seconds are lost. */
export function expireInteractions(world: World): void {
  for (const interaction of world.interactions.values()) {
    if (interaction.state === 'waiting' && world.now() - interaction.createdAtMs > firstAnswerMs)
      interaction.state = 'expired';
  }
  world.changed();
}
