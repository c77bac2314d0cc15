import { isDeepStrictEqual } from 'node:util';
import type { CommandError } from '../../domain/command-error.ts';
import { type Customer, type CustomerIdentity, identityText, maxIdentities } from '../../domain/customers/customer.ts';
import { parseEmail } from '../../domain/customers/email.ts';
import { parseIdentity } from '../../domain/customers/parse-identity.ts';
import { parseUuid } from '../../domain/values/ids.ts';
import { readText } from '../../domain/values/read-fields.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import { revise } from '../../domain/revision.ts';
import type { CustomerTaken } from '../../storage/port/customers.ts';
import { changedFields } from '../changed-fields.ts';
import { type ByKeyReader, mayReveal, type ServiceContext } from '../context.ts';
import { combineResults, readDiscordId, readMetadata, readOrKeep } from '../read-input.ts';
import { auditEvent, noTrail, roleEffects } from '../trail.ts';
import type { CustomerChanged, CustomerFields, CustomerService } from './customer-service.ts';
import { customerNotFound } from './find-customers.ts';

type Editable = Pick<Customer, 'discordId' | 'identities' | 'username' | 'fullName' | 'metadata'> & {
  readonly uuid: string | null;
};

const nothing: Editable = {
  discordId: null,
  identities: [],
  username: null,
  fullName: null,
  metadata: [],
  uuid: null,
};

/** Whoever becomes the owner of licenses sees their keys. */
export function isBarred(input: ByKeyReader, before: string | null, after: string | null): boolean {
  return input.actor.type === 'user' && input.actor.id === after && before !== after && !mayReveal(input);
}

export function createEditCustomer({
  storage,
}: Pick<ServiceContext, 'storage'>): Pick<CustomerService, 'add' | 'edit'> {
  const add: CustomerService['add'] = async (input) => {
    const { guildId } = input;
    const read = readFields(input, nothing);
    if (!read.ok) return read;
    const { email = null, ...fields } = read.value;
    if (isBarred(input, null, fields.discordId)) return fail({ code: 'reveal-required' });
    if (!(await storage.bundle(guildId))) return fail({ code: 'guild-not-found', guildId });
    const made = await storage.createCustomer(guildId, { ...fields, email }, (customer) => ({
      audit: [auditEvent(input, 'customer.created', `customer:${customer.id}`, shownFields(customer))],
      effects: roleEffects(customer.discordId),
    }));
    return 'taken' in made ? fail(takenError(made)) : succeed(made);
  };

  const edit: CustomerService['edit'] = async (input) => {
    const changed = await storage.changeCustomer<{ readonly outcome: Result<Customer, CommandError> }>(
      input.guildId,
      input.customerId,
      (current, now) => {
        const reject = (error: CommandError) => ({ next: null, trail: noTrail, result: { outcome: fail(error) } });
        const read = readFields(input, current);
        if (!read.ok) return reject(read.error);
        const { email, uuid, ...fields } = read.value;
        if (isBarred(input, current.discordId, fields.discordId)) return reject({ code: 'reveal-required' });
        const edited = { ...current, ...fields, uuid: uuid ?? current.uuid };
        const details = changesOf(current, edited, email);
        if (Object.keys(details).length === 0) return reject({ code: 'nothing-to-change' });
        const audit = [auditEvent(input, 'customer.changed', `customer:${current.id}`, details)];
        const next = revise(edited, audit, now);
        const isMoved = next.discordId !== current.discordId;
        return {
          next,
          trail: { audit, effects: isMoved ? roleEffects(current.discordId, next.discordId) : [] },
          result: { outcome: succeed(next) },
          ...(email !== undefined && { email }),
        };
      },
    );
    if (!changed) return fail(customerNotFound);
    if ('taken' in changed) return fail(takenError(changed));
    if (!changed.outcome.ok) return changed.outcome;
    // With the address masked as it is now.
    const customer = await storage.customer(input.guildId, { id: input.customerId });
    return succeed<CustomerChanged>({ customer: customer ?? changed.outcome.value, effectIds: changed.effectIds });
  };

  return { add, edit };
}

function readFields(input: CustomerFields, current: Editable) {
  const { discordId, uuid, email, username, fullName, addIdentities = [], removeIdentities = [] } = input;
  return combineResults({
    discordId: readOrKeep(discordId, current.discordId, (text) => readDiscordId('user', text)),
    uuid: readOrKeep(uuid, current.uuid, readUuid),
    email: readOrKeep<string | null, string | null | undefined>(email, undefined, readEmail),
    username: readOrKeep(username, current.username, (text) => readText('username', text)),
    fullName: readOrKeep(fullName, current.fullName, (text) => readText('fullName', text)),
    identities: readIdentities(current.identities, addIdentities, removeIdentities),
    metadata: readMetadata(current.metadata, input.metadata),
  });
}

function readUuid(text: string): Result<string | null, CommandError> {
  const uuid = parseUuid(text);
  return uuid === null ? fail({ code: 'invalid-id', what: 'uuid' }) : succeed(uuid);
}

function readEmail(text: string | null): Result<string | null, CommandError> {
  if (text === null || text.trim() === '') return succeed(null);
  const address = parseEmail(text);
  return address === null ? fail({ code: 'email-invalid' }) : succeed(address);
}

function readIdentities(
  current: readonly CustomerIdentity[],
  added: readonly string[],
  removed: readonly string[],
): Result<readonly CustomerIdentity[], CommandError> {
  const identities = new Map(current.map((identity) => [identityText(identity), identity]));
  for (const text of removed) {
    const identity = parseIdentity(text);
    if (!identity) return fail({ code: 'identity-invalid' });
    if (!identities.delete(identityText(identity))) return fail({ code: 'identity-not-found' });
  }
  for (const text of added) {
    const identity = parseIdentity(text);
    if (!identity) return fail({ code: 'identity-invalid' });
    identities.set(identityText(identity), identity);
  }
  const isTooLong = identities.size > maxIdentities && added.length > 0;
  return isTooLong ? fail({ code: 'too-many-identities', max: maxIdentities }) : succeed([...identities.values()]);
}

/** The full name, the address and what metadata says are personal data, and the audit is kept for ever: it says that they changed. */
function changesOf(before: Customer, after: Customer, email: string | null | undefined) {
  const shown = changedFields(shownFields(before), shownFields(after), ['user', 'uuid', 'username', 'identities']);
  return {
    ...shown,
    ...(before.fullName !== after.fullName && { fullName: true }),
    ...(!isDeepStrictEqual(before.metadata, after.metadata) && { ownData: true }),
    ...(email !== undefined && (email !== null || before.maskedEmail !== null) && { email: email !== null }),
  };
}

function shownFields({ discordId, uuid, username, identities }: Customer) {
  return { user: discordId, uuid, username, identities: identities.map(identityText) };
}

function takenError({ taken, holder }: CustomerTaken): CommandError {
  return { code: 'customer-taken', taken, customerId: holder.id };
}
