import type { CommandGroup } from '../src/discord/framework/command.ts';
import { customerEdit } from './customer-edit.ts';
import { customerList } from './customer-list.ts';
import { customerMerge } from './customer-merge.ts';
import { customerShow } from './customer-show.ts';

export const customer: CommandGroup = {
  name: 'customer',
  description: 'Find, change and merge customers',
  subcommands: [customerShow, customerList, customerEdit, customerMerge],
};
