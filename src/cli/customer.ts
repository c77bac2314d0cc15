import { commandLine } from '../domain/actor.ts';
import { type IdentitySystem, identitySystems } from '../domain/customers/customer.ts';
import type { CustomerFields } from '../services/customers/customer-service.ts';
import type { CustomerQuery } from '../storage/port/customers.ts';
import { type CliCall, type CliCommand, type CliOption, requireYes, yesOption } from './framework/command.ts';
import { customerItem, customersOutput, readEmail } from './customer-output.ts';
import { unwrap } from './framework/errors.ts';
import { counted } from './framework/format.ts';
import { metadataOptions, readDataOptions, removeMetadataOption } from './data-options.ts';
import { parseClearable, repeated } from './framework/option-parsers.ts';
import { limitOption, readRecords } from './framework/records.ts';

const fieldOptions: readonly CliOption[] = [
  { flags: '--discord <id>', description: 'the Discord user, who becomes the owner of all licenses' },
  { flags: '--uuid <uuid>', description: 'the UUID that client programs know (Lukittu)' },
  { flags: '--email <address>', description: 'the e-mail address' },
  { flags: '--username <text>', description: 'the name in a shop' },
  { flags: '--full-name <text>', description: 'the full name' },
  repeated('--identity <system:id>', 'a user id in a shop, such as builtbybit:540001'),
  ...metadataOptions,
];
const revealOption: CliOption = {
  flags: '--reveal',
  description: 'show e-mail addresses in clear; recorded in the audit',
};
const whoNotes = '<who> is the number of a customer, a UUID, a Discord id, system:id or an e-mail address.';

const by = (guildId: string) => ({ guildId, actor: commandLine });

function readFields(call: CliCall): CustomerFields {
  const list = (option: string) => (call.parsed(option) ?? []) as readonly string[];
  return {
    discordId: parseClearable(call.text('discord')),
    uuid: call.text('uuid'),
    email: parseClearable(call.text('email')),
    username: parseClearable(call.text('username')),
    fullName: parseClearable(call.text('fullName')),
    addIdentities: list('identity'),
    removeIdentities: list('removeIdentity'),
    metadata: readDataOptions(call).metadata,
  };
}

export const customerCommands: readonly CliCommand[] = [
  {
    usage: 'customer list',
    description: 'list customers, newest first',
    options: [
      { flags: '--search <text>', description: 'only those with this in their user name or full name' },
      {
        flags: '--system <system>',
        description: 'only those with an identity in this system',
        choices: identitySystems,
      },
      revealOption,
      limitOption,
    ],
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const text = call.text('search');
      const system = call.text('system') as IdentitySystem | undefined;
      const query: CustomerQuery = { ...(text && { text }), ...(system && { system }) };
      const pages = readRecords(call.number('limit'), async (page) => {
        const found = await call.services.customers.list(guildId, query, page);
        const items = await Promise.all(
          found.map(async (customer) => customerItem(customer, await readEmail(call, customer))),
        );
        return { items, lastId: found.at(-1)?.id ?? null };
      });
      const columns = ['ID', 'DISCORD', 'E-MAIL', 'NAME', 'IDENTITIES'];
      return { name: 'customers', heading: null, columns, pages, emptyText: 'No customers match.' };
    },
  },
  {
    usage: 'customer show <who>',
    description: 'show a customer',
    options: [revealOption],
    notes: `${whoNotes} Of an address that several have, all are shown.`,
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const found = await call.services.customers.findAll(guildId, call.argument(0));
      if (found.length > 0) return customersOutput(call, found);
      return customersOutput(call, [unwrap(await call.services.customers.resolve(guildId, call.argument(0)))]);
    },
  },
  {
    usage: 'customer add',
    description: 'add a customer, for example of a shop, whose Discord user is not known yet',
    options: fieldOptions,
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const added = unwrap(await call.services.customers.add({ ...by(guildId), ...readFields(call) }));
      return customersOutput(call, [added.customer]);
    },
  },
  {
    usage: 'customer edit <who>',
    description: 'change a customer',
    options: [
      ...fieldOptions,
      repeated('--remove-identity <system:id>', 'take a user id in a shop away'),
      removeMetadataOption,
      revealOption,
    ],
    notes: `${whoNotes} “none” takes a Discord user, address or name away.`,
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const { id } = unwrap(await call.services.customers.resolve(guildId, call.argument(0)));
      const edit = { ...by(guildId), ...readFields(call), customerId: id };
      return customersOutput(call, [unwrap(await call.services.customers.edit(edit)).customer]);
    },
  },
  {
    usage: 'customer merge <from> <into>',
    description: 'make two customers one, with all licenses; what both have stays as <into> has it',
    options: [yesOption, revealOption],
    notes: whoNotes,
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const { customers } = call.services;
      const from = unwrap(await customers.resolve(guildId, call.argument(0)));
      const into = unwrap(await customers.resolve(guildId, call.argument(1)));
      const { licenses } = unwrap(await customers.view(guildId, from.id));
      if (from.id !== into.id) {
        requireYes(
          call,
          `This makes customer ${from.id} (${counted(licenses, 'license')}) part of customer ${into.id}.`,
        );
      }
      const merged = await customers.merge({ ...by(guildId), from: from.id, into: into.id });
      return customersOutput(call, [unwrap(merged).customer]);
    },
  },
];
