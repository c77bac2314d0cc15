import type { World } from '../world/world.ts';
import type { FileRecord, GuildRecord } from '../world/model.ts';
import { apiChannel, apiRole, apiUser, partialMember } from '../world/payloads.ts';
import { channelPermissions, guildPermissions } from '../world/permissions.ts';
import { ClientRejection } from './client-rejection.ts';

type Table = Record<string, unknown>;

/**
 * The `resolved` part of an interaction's data: the objects behind the ids in it. The `add` methods throw a
 * `ClientRejection` for ids that the user's client does not know.
 */
export class Resolved {
  readonly #world: World;
  readonly #guild: GuildRecord | undefined;
  readonly #userId: string;
  readonly #tables: Record<string, Table> = {};

  constructor(world: World, guild: GuildRecord | undefined, userId: string) {
    this.#world = world;
    this.#guild = guild;
    this.#userId = userId;
  }

  #put(table: string, id: string, value: unknown): void {
    (this.#tables[table] ??= {})[id] = value;
  }

  addUser(id: string): void {
    const user = this.#world.users.get(id);
    if (!user) throw new ClientRejection('wrong-value', `no user ${id}`);
    this.#put('users', id, apiUser(user));
    const member = this.#guild?.members.get(id);
    if (!member || !this.#guild) return;
    this.#put('members', id, { ...partialMember(member), permissions: guildPermissions(this.#guild, id).toString() });
  }

  addRole(id: string): void {
    const role = this.#guild?.roles.get(id);
    if (!role) throw new ClientRejection('wrong-value', `no role ${id}`);
    this.#put('roles', id, apiRole(role));
  }

  addChannel(id: string): void {
    const channel = this.#world.channels.get(id);
    if (channel?.guildId !== this.#guild?.id) throw new ClientRejection('wrong-value', `no channel ${id} here`);
    if (!channel) return;
    const of = (userId: string) => channelPermissions(this.#guild, channel, userId).toString();
    this.#put('channels', id, {
      ...apiChannel(this.#world, channel),
      permissions: of(this.#userId),
      app_permissions: of(this.#world.application.botId),
    });
  }

  addMentionable(id: string): void {
    if (this.#guild?.roles.has(id)) this.addRole(id);
    else this.addUser(id);
  }

  addMessage(id: string, message: unknown): void {
    this.#put('messages', id, message);
  }

  addFile({ attachment }: FileRecord): void {
    this.#put('attachments', attachment.id, attachment);
  }

  /** Empty where nothing was resolved, because Discord then omits `resolved`. */
  toData(): object {
    return Object.keys(this.#tables).length > 0 ? { resolved: this.#tables } : {};
  }
}
