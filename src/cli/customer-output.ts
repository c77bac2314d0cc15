import { commandLine } from '../domain/actor.ts';
import { type Customer, identityText } from '../domain/customers/customer.ts';
import { customerJson } from '../services/json/customer-json.ts';
import type { StoreCall } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';
import { card, moment } from './framework/format.ts';
import type { ListItem } from './framework/output.ts';

/** The address in clear where `--reveal` asks for it; undefined: it stays masked. */
export async function readEmail(call: StoreCall, { guildId, id }: Customer): Promise<string | null | undefined> {
  if (call.flag('reveal') !== true) return undefined;
  return unwrap(await call.services.customers.revealEmail({ guildId, actor: commandLine, customerId: id })).email;
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

export async function customersOutput(call: StoreCall, customers: readonly Customer[]) {
  const shown: { readonly json: object; readonly text: string }[] = [];
  for (const customer of customers) {
    const email = await readEmail(call, customer);
    shown.push({ json: customerJson(customer, email), text: await customerCard(call, customer, email) });
  }
  return { json: { customers: shown.map(({ json }) => json) }, text: shown.map(({ text }) => text).join('\n\n') };
}

/** A customer in a list. */
export function customerItem(customer: Customer, email: string | null | undefined): ListItem {
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
