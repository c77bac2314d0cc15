import type { CommandGroup } from '../src/discord/framework/command.ts';
import { settingsEdit } from './settings-edit.ts';
import { settingsSet } from './settings-set.ts';
import { settingsView } from './settings-view.ts';

export const settings: CommandGroup = {
  name: 'settings',
  description: 'How licenses work in this server',
  subcommands: [settingsView, settingsEdit, settingsSet],
};
