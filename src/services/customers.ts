import { parseSnowflake, parseUuid } from '../domain/values/ids.ts';
import type { CommandError } from '../domain/command-error.ts';
import { type Result, fail, succeed } from '../domain/values/result.ts';
import type { By, ServiceContext } from './context.ts';
import { auditEvent } from './trail.ts';

/** A Discord user as the Lukittu clients of a guild know them: by a UUID. */
export interface Customer {
  readonly userId: string;
  readonly uuid: string;
}

export interface CustomerService {
  /** The customer with this Discord id or mention. Fails with invalid-id. */
  find(guildId: string, userId: string): Promise<Result<Customer, CommandError>>;
  /**
   * Sets a customer's UUID, for example one from another license system; null restores the UUID that is derived from
   * their Discord id. Fails with invalid-id, customer-id-taken or guild-not-found.
   */
  setUuid(
    input: By & { readonly userId: string; readonly uuid: string | null },
  ): Promise<Result<Customer, CommandError>>;
}

export function createCustomerService({ storage }: Pick<ServiceContext, 'storage'>): CustomerService {
  const find: CustomerService['find'] = async (guildId, text) => {
    const userId = parseSnowflake(text);
    if (userId === null) return fail({ code: 'invalid-id', what: 'user' });
    return succeed({ userId, uuid: await storage.customerId(guildId, userId) });
  };

  const setUuid: CustomerService['setUuid'] = async (input) => {
    const { guildId } = input;
    const found = await find(guildId, input.userId);
    if (!found.ok) return found;
    const { userId, uuid: before } = found.value;
    const uuid = input.uuid === null ? null : parseUuid(input.uuid);
    if (input.uuid !== null && uuid === null) return fail({ code: 'invalid-id', what: 'uuid' });
    if (!(await storage.bundle(guildId))) return fail({ code: 'guild-not-found', guildId });
    const details = { uuid: { before, after: uuid } };
    const audit = [auditEvent(input, 'customer.changed', `user:${userId}`, details)];
    const set = await storage.setCustomerId(guildId, userId, uuid, { audit, effects: [] });
    return 'taken' in set ? fail({ code: 'customer-id-taken' }) : succeed({ userId, uuid: set.customerId });
  };

  return { find, setUuid };
}
