import * as customerEdit from '../../../../commands/customer-edit.ts';
import * as customerMerge from '../../../../commands/customer-merge.ts';
import * as customerShow from '../../../../commands/customer-show.ts';
import type { Customer } from '../../../../src/domain/customers/customer.ts';
import * as customerTexts from '../../../../src/discord/texts/customers.ts';
import * as customerOptions from '../../../../src/discord/options/customer-option.ts';
import { at, cards, counts, userId } from './fixtures.ts';
import { noText, walk } from './walk.ts';

const empty: Customer = {
  id: 12,
  guildId: 'g1',
  uuid: '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90',
  discordId: null,
  identities: [],
  maskedEmail: null,
  username: null,
  fullName: null,
  metadata: [],
  createdAt: at,
  updatedAt: at,
  revision: 1,
};
const identity = { system: 'builtbybit', id: '540001' } as const;
const customers: readonly Customer[] = [
  empty,
  { ...empty, discordId: userId, identities: [identity] },
  {
    ...empty,
    username: 'ana',
    maskedEmail: 'a…@example.com',
    metadata: [{ key: 'tier', value: 'gold', returned: true }],
  },
  { ...empty, fullName: 'Ana Lyse', identities: Array.from({ length: 12 }, () => identity) },
];
const merged = customers.map((customer) => ({ from: empty, customer, effectIds: [] }));

/** Texts about customers, as in the other files of this folder. */
export const customerSamples = [
  walk('src/discord/texts/customers.ts', customerTexts, {
    customerName: (text) => customers.map(text),
    describeCustomer: (text) => customers.map(text),
    customerChoice: (text) =>
      customers.flatMap((customer) => [
        text({ customer, user: null }),
        text({ customer, user: { id: userId, username: 'alice', discriminator: '0' } }),
      ]),
    describeCustomerCard: (text) =>
      customers.flatMap((customer) => counts.map((number) => text(customer, number, cards.slice(0, 1)))),
    describeMerge: (text) =>
      customers.flatMap((from) => counts.map((number) => text(from, { ...empty, discordId: userId }, number))),
  }),
  walk('src/discord/options/customer-option.ts', customerOptions, {
    ...{ customerOption: noText, customerChoices: noText, customerFrom: noText },
  }),
  walk(
    'commands/customer-show.ts',
    customerShow,
    { describeAddress: (text) => [text(null), text('ana@example.com')] },
    'describe',
  ),
  walk('commands/customer-edit.ts', customerEdit, { describeEdited: (text) => customers.map(text) }, 'describe'),
  walk(
    'commands/customer-merge.ts',
    customerMerge,
    { describeMerged: (text) => merged.map(text), describeUndoneMerge: (text) => merged.map(text) },
    'describe',
  ),
];
