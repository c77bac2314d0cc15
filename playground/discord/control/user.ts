import { ApplicationCommandType, ComponentType, InteractionType, PermissionFlagsBits } from 'discord-api-types/v10';
import { fileRecord } from '../rest/message-content.ts';
import { createDm } from '../rest/user-routes.ts';
import { addMessage, apiMessage } from '../world/message-changes.ts';
import type { ChannelRecord, GuildRecord, MessageRecord } from '../world/model.ts';
import { channelPermissions } from '../world/permissions.ts';
import { canSee } from '../world/visibility.ts';
import { findDmChannel, findMessage, getRecord, type World } from '../world/world.ts';
import { ClientRejection } from './client-rejection.ts';
import { findUsableCommand, listUsableCommands } from './command-access.ts';
import { buildOptions, type GivenFile, type GivenOptions } from './command-options.ts';
import { startInteraction, type Interaction, type NewInteraction } from './interaction.ts';
import { modalSubmission, type GivenFields } from './modal-submission.ts';
import { Resolved } from './resolved.ts';
import { allComponents, isSelectType, toVisibleMessage, type VisibleMessage } from './visible-message.ts';
import type { VisibleModal } from './visible-modal.ts';

/**
 * `forged: true` acts as a manipulated client, which sends what Discord's client would not: any custom id, disabled
 * components, values that are not offered.
 */
interface ForgeOptions {
  readonly forged?: boolean;
}

/**
 * The actions of one user at their Discord client. Each action resolves when the user sees an answer, or when none can
 * come any more. It rejects with a `ClientRejection` where Discord's client would not send it. A guild or channel id of
 * null means the DM with the bot.
 */
export interface User {
  readonly id: string;
  /** The same user, whose actions resolve at once instead of waiting for an answer. */
  readonly starting: User;
  /** The names of the commands that are shown to this user. Without a channel: in the first channel of the guild. */
  readonly commands: (guildId: string | null, channelId?: string) => string[];
  /** Uses a slash command. `name` contains the subcommands: `license issue`. */
  readonly command: (
    guildId: string | null,
    channelId: string | null,
    name: string,
    options?: GivenOptions,
  ) => Promise<Interaction>;
  /** Asks for the choices of the option `focused`. The text typed so far is its value in `options`. */
  readonly autocomplete: (
    guildId: string | null,
    channelId: string | null,
    name: string,
    focused: string,
    options?: GivenOptions,
  ) => Promise<Interaction>;
  /** Uses a command of the context menu of a user. */
  readonly userMenu: (guildId: string, channelId: string, name: string, targetUserId: string) => Promise<Interaction>;
  /** Uses a command of the context menu of a message. */
  readonly messageMenu: (
    guildId: string | null,
    channelId: string,
    name: string,
    messageId: string,
  ) => Promise<Interaction>;
  /** Clicks a button. The message is given as the user saw it, or by its id. */
  readonly click: (
    message: VisibleMessage | string,
    customIdOrLabel: string,
    forge?: ForgeOptions,
  ) => Promise<Interaction>;
  /** Selects values in a select; for users, roles and channels their ids. */
  readonly select: (
    message: VisibleMessage | string,
    customId: string,
    values: readonly string[],
    forge?: ForgeOptions,
  ) => Promise<Interaction>;
  /** Submits a modal. Text fields that are not given keep the value that the bot prefilled. */
  readonly submitModal: (modal: VisibleModal, fields: GivenFields, forge?: ForgeOptions) => Promise<Interaction>;
  /** Writes a message. */
  readonly say: (channelId: string | null, content: string, files?: readonly GivenFile[]) => VisibleMessage;
}

export interface UserParts {
  readonly world: World;
  /** Whether a bot has a session, and so receives an interaction now or after a resume. */
  readonly hasListener: () => boolean;
  /** Wraps a started interaction, and makes it expire where the clock is the real one. */
  readonly track: (record: ReturnType<typeof startInteraction>) => Interaction;
}

/** The actions of this user. `waits`: they resolve only when the user sees an answer. */
export function createUser(parts: UserParts, userId: string, waits: boolean): User {
  const { world } = parts;
  getRecord(world.users, userId, 'user');

  async function act(given: Omit<NewInteraction, 'userId'>): Promise<Interaction> {
    const interaction = parts.track(startInteraction(world, parts.hasListener, { ...given, userId }));
    return waits ? interaction.finished() : interaction;
  }

  function findGuildAndChannel(guildId: string | null, channelId: string | null) {
    const guild = guildId === null ? undefined : getRecord(world.guilds, guildId, 'guild');
    const channel = guild
      ? getRecord(world.channels, channelId ?? '', 'channel')
      : (findDmChannel(world, userId) ?? createDm(world, userId));
    if (guild && !guild.members.has(userId)) throw new ClientRejection('no-access', 'the user is not in this server');
    return { guild, channel };
  }

  function commandData(
    guild: GuildRecord | undefined,
    channel: ChannelRecord,
    name: string,
    type: ApplicationCommandType,
  ) {
    const command = findUsableCommand(world, { guild, channelId: channel.id, userId }, name, type);
    const scope = command.guild_id === undefined ? {} : { guild_id: command.guild_id };
    return { command, data: { id: command.id, name: command.name, type: command.type, ...scope } };
  }

  function slash(
    guildId: string | null,
    channelId: string | null,
    name: string,
    given: GivenOptions,
    focused?: string,
  ) {
    const { guild, channel } = findGuildAndChannel(guildId, channelId);
    const [root = '', ...path] = name.replace(/^\//, '').split(' ');
    const { command, data } = commandData(guild, channel, root, ApplicationCommandType.ChatInput);
    const resolved = new Resolved(world, guild, userId);
    const context = { world, channelId: channel.id, resolved, ...(focused !== undefined && { focused }) };
    const options = buildOptions(command, path, given, context);
    return {
      channelId: channel.id,
      commandType: ApplicationCommandType.ChatInput,
      data: { ...data, ...resolved.toData(), ...(options.length > 0 && { options }) },
    };
  }

  /** The message, if this user can see it. */
  function findVisible(message: VisibleMessage | string): { record: MessageRecord; channel: ChannelRecord } {
    const id = typeof message === 'string' ? message : message.id;
    const record = findMessage(world, id);
    const channel = record && world.channels.get(record.channelId);
    if (!record || !channel || !canSee(world, record, userId))
      throw new ClientRejection('not-visible', `message ${id}`);
    return { record, channel };
  }

  function useComponent(message: VisibleMessage | string, data: object): Promise<Interaction> {
    const { record, channel } = findVisible(message);
    return act({
      type: InteractionType.MessageComponent,
      channelId: channel.id,
      sourceMessageId: record.id,
      data,
      extra: { message: apiMessage(world, record, true) },
    });
  }

  return {
    id: userId,
    get starting() {
      return createUser(parts, userId, false);
    },
    commands: (guildId, channelId) => {
      const { guild, channel } = findGuildAndChannel(guildId, channelId ?? findFirstChannel(world, guildId));
      return listUsableCommands(world, { guild, channelId: channel.id, userId });
    },
    command: async (guildId, channelId, name, options = {}) =>
      act({ type: InteractionType.ApplicationCommand, ...slash(guildId, channelId, name, options) }),
    autocomplete: async (guildId, channelId, name, focused, options = {}) => {
      const given = { ...options, [focused]: options[focused] ?? '' };
      return act({
        type: InteractionType.ApplicationCommandAutocomplete,
        ...slash(guildId, channelId, name, given, focused),
      });
    },
    userMenu: async (guildId, channelId, name, targetUserId) => {
      const { guild, channel } = findGuildAndChannel(guildId, channelId);
      const { data } = commandData(guild, channel, name, ApplicationCommandType.User);
      const resolved = new Resolved(world, guild, userId);
      resolved.addUser(targetUserId);
      return act({
        type: InteractionType.ApplicationCommand,
        channelId: channel.id,
        commandType: ApplicationCommandType.User,
        data: { ...data, target_id: targetUserId, ...resolved.toData() },
      });
    },
    messageMenu: async (guildId, channelId, name, messageId) => {
      const { guild, channel } = findGuildAndChannel(guildId, channelId);
      const { data } = commandData(guild, channel, name, ApplicationCommandType.Message);
      const { record } = findVisible(messageId);
      const resolved = new Resolved(world, guild, userId);
      resolved.addMessage(record.id, apiMessage(world, record, true));
      return act({
        type: InteractionType.ApplicationCommand,
        channelId: channel.id,
        commandType: ApplicationCommandType.Message,
        data: { ...data, target_id: record.id, ...resolved.toData() },
      });
    },
    click: async (message, customIdOrLabel, { forged = false } = {}) => {
      const { buttons } = toVisibleMessage(findVisible(message).record);
      const button =
        buttons.find(({ customId }) => customId === customIdOrLabel) ??
        buttons.find(({ label }) => label === customIdOrLabel);
      if (!forged) {
        if (button?.customId === undefined) {
          const there = buttons.map(({ label }) => label).join(', ');
          throw new ClientRejection('unknown-component', `no button ${customIdOrLabel}; there are: ${there}`);
        }
        if (button.disabled) throw new ClientRejection('disabled', customIdOrLabel);
      }
      return useComponent(message, {
        component_type: ComponentType.Button,
        custom_id: button?.customId ?? customIdOrLabel,
      });
    },
    select: async (message, customId, values, { forged = false } = {}) => {
      const { record, channel } = findVisible(message);
      const raw = allComponents(record.components).find((one) => isSelectType(one.type) && one.custom_id === customId);
      const select = toVisibleMessage(record).selects.find((one) => one.customId === customId);
      if (!forged) {
        if (!select) throw new ClientRejection('unknown-component', `no select ${customId}`);
        if (select.disabled) throw new ClientRejection('disabled', customId);
        const isOffered = (value: string) => select.options.some((option) => option.value === value);
        if (select.type === ComponentType.StringSelect && !values.every(isOffered)) {
          throw new ClientRejection('wrong-value', `${values.join(', ')} is not offered`);
        }
        if (values.length < select.minValues || values.length > select.maxValues) {
          throw new ClientRejection('wrong-value', `${select.minValues} to ${select.maxValues} values are needed`);
        }
      }
      const type = select?.type ?? ComponentType.StringSelect;
      const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
      const resolved = resolveValues(new Resolved(world, guild, userId), type, values);
      return useComponent(message, {
        component_type: type,
        custom_id: customId,
        id: raw?.id,
        values,
        ...resolved.toData(),
      });
    },
    submitModal: async (modal, fields, { forged = false } = {}) => {
      const origin = getRecord(world.interactions, modal.interactionId, 'interaction');
      if (origin.userId !== userId) throw new ClientRejection('not-visible', 'the modal was shown to another user');
      const guild = origin.guildId === null ? undefined : world.guilds.get(origin.guildId);
      const source = origin.sourceMessageId === null ? undefined : findMessage(world, origin.sourceMessageId);
      const resolved = new Resolved(world, guild, userId);
      const data = modalSubmission({
        world,
        modal,
        raw: origin.modal,
        fields,
        forged,
        resolved,
        channelId: origin.channelId,
      });
      return act({
        type: InteractionType.ModalSubmit,
        channelId: origin.channelId,
        sourceMessageId: source?.id ?? null,
        data,
        ...(source && { extra: { message: apiMessage(world, source, true) } }),
      });
    },
    say: (channelId, content, files = []) => {
      const channel =
        channelId === null
          ? (findDmChannel(world, userId) ?? createDm(world, userId))
          : getRecord(world.channels, channelId, 'channel');
      const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
      if (!(channelPermissions(guild, channel, userId) & PermissionFlagsBits.SendMessages)) {
        throw new ClientRejection('not-permitted', 'the user cannot write here');
      }
      const mentioned = [...content.matchAll(/<@!?(\d+)>/g)]
        .map((match) => match[1] ?? '')
        .filter((id) => world.users.has(id));
      const records = files.map(({ name, data, contentType = '' }) =>
        fileRecord(world, channel.id, { name, contentType, data: Buffer.from(data) }),
      );
      const pings = { everyone: false, users: mentioned, roles: [] };
      return toVisibleMessage(
        addMessage(world, { channelId: channel.id, authorId: userId, content, pings, files: records }),
      );
    },
  };
}

function findFirstChannel(world: World, guildId: string | null): string | null {
  return guildId === null
    ? null
    : ([...world.channels.values()].find((channel) => channel.guildId === guildId)?.id ?? null);
}

function resolveValues(resolved: Resolved, type: ComponentType, values: readonly string[]): Resolved {
  for (const id of values) {
    if (type === ComponentType.UserSelect) resolved.addUser(id);
    if (type === ComponentType.RoleSelect) resolved.addRole(id);
    if (type === ComponentType.ChannelSelect) resolved.addChannel(id);
    if (type === ComponentType.MentionableSelect) resolved.addMentionable(id);
  }
  return resolved;
}
