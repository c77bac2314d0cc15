import { commandLine } from '../domain/actor.ts';
import type { Customer } from '../services/customers.ts';
import type { CliCommand } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { textOrNone } from './limit-options.ts';

const answerOf = ({ userId, uuid }: Customer, text: string) => ({ json: { customer: { id: userId, uuid } }, text });

export const userCommands: readonly CliCommand[] = [
  {
    usage: 'user uuid <discord-id> [uuid]',
    describes: 'the UUID that client programs know a customer by (Lukittu), or bring one along',
    notes: 'Without a UUID it is only printed; “none” takes one that was brought along away.',
    run: async (call) => {
      const { id: guildId } = await call.guild();
      const userId = call.argument(0);
      const given = textOrNone(call.argument(1) || undefined);
      const { customers } = call.services;
      if (given === undefined) {
        const found = unwrap(await customers.find(guildId, userId));
        return answerOf(found, found.uuid);
      }
      const set = unwrap(await customers.setUuid({ guildId, actor: commandLine, userId, uuid: given }));
      return answerOf(set, `User ${set.userId} is customer ${set.uuid}.`);
    },
  },
];
