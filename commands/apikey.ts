import type { CommandGroup } from '../src/discord/framework/command.ts';
import { apikeyCreate } from './apikey-create.ts';
import { apikeyList } from './apikey-list.ts';
import { apikeyRevoke } from './apikey-revoke.ts';

export const apikey: CommandGroup = {
  name: 'apikey',
  description: 'Secrets with which programs and shops reach this server’s licenses',
  subcommands: [apikeyCreate, apikeyList, apikeyRevoke],
};
