import type { BotEvent } from '../src/discord/framework/bot-event.ts';
import { clientReady } from './client-ready.ts';
import { guildBanAdd } from './guild-ban-add.ts';
import { guildCreate } from './guild-create.ts';
import { guildDelete } from './guild-delete.ts';
import { guildMemberAdd } from './guild-member-add.ts';
import { guildMemberRemove } from './guild-member-remove.ts';
import { guildRoleDelete } from './guild-role-delete.ts';
import { guildUpdate } from './guild-update.ts';
import { interactionCreate } from './interaction-create.ts';
import { userUpdate } from './user-update.ts';

/** Every gateway event that the bot handles. */
export const events: readonly BotEvent[] = [
  clientReady,
  interactionCreate,
  guildMemberAdd,
  guildMemberRemove,
  guildBanAdd,
  userUpdate,
  guildCreate,
  guildUpdate,
  guildDelete,
  guildRoleDelete,
];
