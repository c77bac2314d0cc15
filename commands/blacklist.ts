import type { CommandGroup } from '../src/discord/framework/command.ts';
import { blacklistAdd } from './blacklist-add.ts';
import { blacklistCheck } from './blacklist-check.ts';
import { blacklistList } from './blacklist-list.ts';
import { blacklistRemove } from './blacklist-remove.ts';

export const blacklist: CommandGroup = {
  name: 'blacklist',
  description: 'Keep IPs, HWIDs, keys, users and countries out',
  subcommands: [blacklistRemove, blacklistList, blacklistCheck],
  groups: [{ name: 'add', description: 'Keep something out', subcommands: blacklistAdd }],
};
