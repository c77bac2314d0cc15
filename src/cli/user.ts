import { commandLine } from '../domain/actor.ts';
import type { UserUuid } from '../services/customers/customer-service.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { parseClearable } from './framework/option-parsers.ts';

const toOutput = ({ userId, uuid }: UserUuid, text: string) => ({ json: { customer: { id: userId, uuid } }, text });

export const userCommands: readonly CliCommand[] = [
  {
    usage: 'user uuid <discord-id> [uuid]',
    description: 'show or set the UUID by which client programs know a customer (Lukittu)',
    notes: 'Without <uuid> it only prints the UUID. “none” restores the generated one.',
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const userId = call.argument(0);
      const given = parseClearable(call.argument(1) || undefined);
      const { customers } = call.services;
      if (given === undefined) {
        const found = unwrap(await customers.find(guildId, userId));
        return toOutput(found, found.uuid);
      }
      const set = unwrap(await customers.setUuid({ guildId, actor: commandLine, userId, uuid: given }));
      return toOutput(set, `User ${set.userId} is customer ${set.uuid}.`);
    },
  },
];
