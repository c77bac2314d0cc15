import { parseSnowflake, parseUuid } from '../../domain/values/ids.ts';
import { fail, succeed } from '../../domain/values/result.ts';
import type { ServiceContext } from '../context.ts';
import { auditEvent } from '../trail.ts';
import type { CustomerService } from './customer-service.ts';

export function createUserUuids({
  storage,
}: Pick<ServiceContext, 'storage'>): Pick<CustomerService, 'find' | 'setUuid'> {
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
