import { commandLine } from '../domain/actor.ts';
import { type Customer, type IdentitySystem, identitySystems, identityText } from '../domain/customers/customer.ts';
import type { CustomerFields } from '../services/customers/customer-service.ts';
import { customerJson } from '../services/json/customer-json.ts';
import type { CustomerQuery } from '../storage/port/customers.ts';
import {
  type CliCall,
  type CliCommand,
  type CliOption,
  requireYes,
  type StoreCall,
  yesOption,
} from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { card, counted, moment } from './framework/format.ts';
import { parseClearable } from './framework/option-parsers.ts';
import { limitOption, readRecords } from './framework/records.ts';

/** An option that may be repeated. */
const repeated = (flags: string, description: string): CliOption => ({
  flags,
  description: `${description}; may be repeated`,
  parse: (text, previous) => [...((previous as readonly string[] | undefined) ?? []), text],
});

const fieldOptions: readonly CliOption[] = [
  { flags: '--discord <id>', description: 'the Discord user, who becomes the owner of all licenses' },
  { flags: '--uuid <uuid>', description: 'the UUID that client programs know (Lukittu)' },
  { flags: '--email <address>', description: 'the e-mail address' },
  { flags: '--username <text>', description: 'the name in a shop' },
  { flags: '--full-name <text>', description: 'the full name' },
  repeated('--identity <system:id>', 'a user id in a shop, such as builtbybit:540001'),
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
  };
}

/** The address in clear where `--reveal` asks for it; undefined: it stays masked. */
async function readEmail(call: StoreCall, { guildId, id }: Customer): Promise<string | null | undefined> {
  if (call.flag('reveal') !== true) return undefined;
  return unwrap(await call.services.customers.revealEmail({ ...by(guildId), customerId: id })).email;
}

async function customerCard(call: StoreCall, customer: Customer, email: string | null | undefined): Promise<string> {
  const { licenses } = unwrap(await call.services.customers.view(customer.guildId, customer.id));
  return card(`Customer ${customer.id}`, [
    ['Discord', customer.discordId],
    ['UUID', customer.uuid],
    ['E-mail', email === undefined ? customer.maskedEmail : email],
    ['User name', customer.username],
    ['Full name', customer.fullName],
    ['Identities', customer.identities.map(identityText).join(', ') || null],
    ...customer.metadata.map(({ key, value }) => [key, value] as const),
    ['Licenses', String(licenses)],
    ['Made', moment(customer.createdAt)],
  ]);
}

async function toOutput(call: StoreCall, customers: readonly Customer[]) {
  const shown: { readonly json: object; readonly text: string }[] = [];
  for (const customer of customers) {
    const email = await readEmail(call, customer);
    shown.push({ json: customerJson(customer, email), text: await customerCard(call, customer, email) });
  }
  return { json: { customers: shown.map(({ json }) => json) }, text: shown.map(({ text }) => text).join('\n\n') };
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
          found.map(async (customer) => toItem(customer, await readEmail(call, customer))),
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
      if (found.length > 0) return toOutput(call, found);
      return toOutput(call, [unwrap(await call.services.customers.resolve(guildId, call.argument(0)))]);
    },
  },
  {
    usage: 'customer add',
    description: 'add a customer, for example of a shop, whose Discord user is not known yet',
    options: fieldOptions,
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const added = unwrap(await call.services.customers.add({ ...by(guildId), ...readFields(call) }));
      return toOutput(call, [added.customer]);
    },
  },
  {
    usage: 'customer edit <who>',
    description: 'change a customer',
    options: [
      ...fieldOptions,
      repeated('--remove-identity <system:id>', 'take a user id in a shop away'),
      revealOption,
    ],
    notes: `${whoNotes} “none” takes a Discord user, address or name away.`,
    run: async (call) => {
      const { id: guildId } = await call.findGuild();
      const { id } = unwrap(await call.services.customers.resolve(guildId, call.argument(0)));
      const edit = { ...by(guildId), ...readFields(call), customerId: id };
      return toOutput(call, [unwrap(await call.services.customers.edit(edit)).customer]);
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
      return toOutput(call, [unwrap(merged).customer]);
    },
  },
];

function toItem(customer: Customer, email: string | null | undefined) {
  const { id, discordId, maskedEmail, username, fullName, identities } = customer;
  const address = email === undefined ? maskedEmail : email;
  return {
    json: customerJson(customer, email),
    cells: [
      String(id),
      discordId ?? '-',
      address ?? '-',
      username ?? fullName ?? '-',
      identities.map(identityText).join(' ') || '-',
    ],
  };
}
