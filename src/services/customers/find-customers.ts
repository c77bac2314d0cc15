import type { CommandError } from '../../domain/command-error.ts';
import type { Customer, CustomerRef } from '../../domain/customers/customer.ts';
import { parseEmail } from '../../domain/customers/email.ts';
import { parseIdentity } from '../../domain/customers/parse-identity.ts';
import { parseSnowflake, parseUuid } from '../../domain/values/ids.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import { canonicalText } from '../../domain/values/text.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { mayReveal, type ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import type { CustomerService } from './customer-service.ts';

export const customerNotFound = { code: 'customer-not-found' } as const satisfies CommandError;
/** How many customers an ambiguous text names at most. */
const maxNamed = 5;
/** Discord ids have at least 15 digits. */
const recordId = /^#?(\d{1,14})$/;

/** The customers that a text means exactly: by something that only one has, or by their e-mail address. */
export async function findCustomers(storage: Storage, guildId: string, text: string): Promise<readonly Customer[]> {
  const ref = refOf(text);
  const one = ref && (await storage.customer(guildId, ref));
  if (one) return [one];
  const address = parseEmail(text);
  return address === null ? [] : storage.customersByEmail(guildId, address);
}

function refOf(text: string): CustomerRef | null {
  const typed = canonicalText(text);
  const id = recordId.exec(typed)?.[1];
  if (id !== undefined) return { id: Number(id) };
  const discordId = parseSnowflake(typed);
  if (discordId !== null) return { discordId };
  const uuid = parseUuid(typed);
  if (uuid !== null) return { uuid };
  const identity = parseIdentity(typed);
  return identity && { identity };
}

type Finding = 'resolve' | 'findAll' | 'search' | 'list' | 'view' | 'revealEmail';

export function createFindCustomers({ storage }: Pick<ServiceContext, 'storage'>): Pick<CustomerService, Finding> {
  const findAll: CustomerService['findAll'] = (guildId, text) => findCustomers(storage, guildId, text);

  return {
    findAll,

    resolve: async (guildId, text) => {
      const found = await findAll(guildId, text);
      const [only, ...others] = found;
      if (!only) return fail(customerNotFound);
      if (others.length === 0) return succeed(only);
      return fail({ code: 'customer-ambiguous', customerIds: found.slice(0, maxNamed).map(({ id }) => id) });
    },

    search: async (guildId, text, limit) => {
      const exact = text.trim() === '' ? [] : await findAll(guildId, text);
      const query = text.trim() === '' ? {} : { text };
      const found = exact.length > 0 ? exact : await storage.customers(guildId, query, { limit, beforeId: null });
      const userOf = ({ discordId }: Customer) => (discordId === null ? null : storage.knownUser(discordId));
      return Promise.all(found.slice(0, limit).map(async (customer) => ({ customer, user: await userOf(customer) })));
    },

    list: (guildId, query, page) => storage.customers(guildId, query, page),

    view: async (guildId, customerId) => {
      const [customer, licenses] = await Promise.all([
        storage.customer(guildId, { id: customerId }),
        storage.countLicensesBy(guildId, { customerId }),
      ]);
      return customer ? succeed({ customer, licenses }) : fail(customerNotFound);
    },

    revealEmail: async (input) => {
      const { guildId, customerId } = input;
      if (!mayReveal(input)) return fail({ code: 'reveal-required' });
      if (!(await storage.customer(guildId, { id: customerId }))) return fail(customerNotFound);
      // Recorded first: an address that is shown is in the audit, whatever happens to the answer.
      await storage.recordAudit(guildId, auditEvent(input, 'customer.revealed', `customer:${customerId}`));
      return succeed({ email: await storage.customerEmail(guildId, customerId) });
    },
  };
}
